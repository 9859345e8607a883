/** The last comparison of rows and bytes, and a button for another. */
import { Alert, Button, Checkbox, Group, Progress, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client, unwrap } from "../../api/client";
import { isUnfinished } from "../../api/polling";
import { storageQuery } from "./queries";
import type { Task, Storage } from "../../api/types";
import { errorText } from "../../elements/ErrorNotice";
import { Time } from "../../elements/Time";
import { outcomeOf } from "./outcome";
import { Panel } from "../../elements/Panel";
import { useMay } from "../../api/me";

export function ReconcilePanel({ storage }: { storage: Storage }) {
  const may = useMay();
  return (
    <Panel title="Reconciling">
      <Stack gap="sm">
        {storage.reconciled === null ? (
          <Text fz="sm" c="dimmed">
            Rows and bytes have not been compared yet. The server does it every hour while it runs.
          </Text>
        ) : (
          <LastRun task={storage.reconciled} />
        )}
        {storage.running !== null && <Running task={storage.running} />}
        {may("storage.reconcile") && <Ask isRunning={isUnfinished(storage.running)} />}
      </Stack>
    </Panel>
  );
}

function LastRun({ task }: { task: Task }) {
  const outcome = outcomeOf(task);
  return (
    <>
      <Text fz="sm" component="div">
        {outcome.text}{" "}
        <Text span inherit c="dimmed">
          {task.finished_at !== null && <Time at={task.finished_at} relative />}, {outcome.how}, asked for by{" "}
          {task.requested_by_name}
        </Text>
      </Text>
      {outcome.trouble !== null && (
        <Alert color="yellow" variant="light" title="Not everything was compared">
          {outcome.trouble}
        </Alert>
      )}
    </>
  );
}

function Running({ task }: { task: Task }) {
  return (
    <div>
      <Text fz="xs" c="dimmed" mb={4}>
        {task.state === "pending" ? "Waits for a worker" : "Comparing"}
        {task.error !== null && `: ${task.error}`}
      </Text>
      <Progress value={task.progress * 100} animated aria-label="Progress of reconciling" />
    </div>
  );
}

function Ask({ isRunning }: { isRunning: boolean }) {
  const queries = useQueryClient();
  const [deep, setDeep] = useState(false);
  const ask = useMutation({
    mutationFn: () => unwrap(client.POST("/api/storage/reconcile", { body: { deep, repair: true } })),
    onSuccess: (found) => queries.setQueryData(storageQuery.queryKey, found),
    onError: (error) => notifications.show({ color: "red", message: errorText(error) }),
  });
  return (
    <Group gap="md">
      <Button loading={ask.isPending} disabled={isRunning} onClick={() => ask.mutate()}>
        Reconcile now
      </Button>
      <Checkbox
        checked={deep}
        disabled={isRunning}
        onChange={(event) => setDeep(event.currentTarget.checked)}
        label="Read every byte"
        description="Compares digests too; the archive is read to its end."
      />
    </Group>
  );
}
