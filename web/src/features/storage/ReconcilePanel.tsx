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
import { TEXTS } from "./texts";

export function ReconcilePanel({ storage }: { storage: Storage }) {
  const may = useMay();
  return (
    <Panel title={TEXTS.reconciling}>
      <Stack gap="sm">
        {storage.reconciled === null ? (
          <Text fz="sm" c="dimmed">
            {TEXTS.rowsAndBytesHave}
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
          {task.finished_at !== null && <Time at={task.finished_at} relative />}
          {TEXTS.askedForBy(outcome.how, task.requested_by_name)}
        </Text>
      </Text>
      {outcome.trouble !== null && (
        <Alert color="yellow" variant="light" title={TEXTS.notEverythingWasCompared}>
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
        {task.state === "pending" ? TEXTS.waitsForWorker : TEXTS.comparing}
        {task.error !== null && `: ${task.error}`}
      </Text>
      <Progress value={task.progress * 100} animated aria-label={TEXTS.progressOfReconciling} />
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
        {TEXTS.reconcileNow}
      </Button>
      <Checkbox
        checked={deep}
        disabled={isRunning}
        onChange={(event) => setDeep(event.currentTarget.checked)}
        label={TEXTS.readEveryByte}
        description={TEXTS.comparesDigestsTooArchive}
      />
    </Group>
  );
}
