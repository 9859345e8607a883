/** The stages of a recording with progress, reasons of failure and the button to try again. */
import { Button, Group, Paper, Progress, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, CircleDashed, CircleX, LoaderCircle, RotateCcw } from "lucide-react";
import { client, unwrap } from "../../api/client";
import type { Recording, Stage } from "../../api/types";
import { errorText } from "../../elements/ErrorNotice";
import { Time } from "../../elements/Time";
import { durationText } from "../../format/time";
import { STAGE_WORDS } from "../../api/texts";
import { useMay } from "../../api/me";
import { TEXTS } from "./texts";

export function StageList({ recording }: { recording: Recording }) {
  return (
    <Stack gap="xs">
      {recording.stages.map((stage) => (
        <StageRow key={stage.name} recordingId={recording.id} stage={stage} />
      ))}
    </Stack>
  );
}

function StageRow({ recordingId, stage }: { recordingId: string; stage: Stage }) {
  const { title, does } = STAGE_WORDS[stage.name];
  return (
    <Paper px="md" py="sm">
      <Group wrap="nowrap" gap="md">
        <StageIcon state={stage.state} />
        <div style={{ flex: 1, minWidth: 0 }}>
          <Group gap="xs">
            <Text fz="sm" fw={600}>
              {title}
            </Text>
            <Text fz="sm" c="dimmed">
              {does}
            </Text>
          </Group>
          <Outcome stage={stage} />
        </div>
        <RetryButton recordingId={recordingId} stage={stage} />
      </Group>
    </Paper>
  );
}

function Outcome({ stage }: { stage: Stage }) {
  if (stage.state === "running") {
    return (
      <Group gap="xs" wrap="nowrap" mt={4}>
        <Progress
          value={stage.progress * 100}
          size="sm"
          style={{ flex: 1 }}
          animated
          aria-label={stage.name}
        />
        <Text fz="xs" className="tabular">
          {Math.round(stage.progress * 100)} %
        </Text>
      </Group>
    );
  }
  if (stage.error !== null) {
    return (
      <Text fz="xs" c={stage.state === "failed" ? "red" : "yellow"} style={{ overflowWrap: "anywhere" }}>
        {TEXTS.attempt(stage.error, stage.attempt_count)}
        {stage.state === "pending" && stage.not_before_at && (
          <>
            {TEXTS.nextAttempt} <Time at={stage.not_before_at} relative />
          </>
        )}
      </Text>
    );
  }
  if (stage.state !== "done" || stage.started_at === null || stage.finished_at === null) return null;
  return (
    <Text fz="xs" c="dimmed" component="div">
      {TEXTS.took(durationText(Date.parse(stage.finished_at) - Date.parse(stage.started_at)))}{" "}
      <Time at={stage.finished_at} relative />
    </Text>
  );
}

function RetryButton({ recordingId, stage }: { recordingId: string; stage: Stage }) {
  const may = useMay();
  const queries = useQueryClient();
  const params = { path: { recording_id: recordingId, name: stage.name } };
  const retry = useMutation({
    mutationFn: () => unwrap(client.POST("/api/recordings/{recording_id}/stages/{name}/retry", { params })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["recordings"] }),
    onError: (error) => notifications.show({ color: "red", message: errorText(error) }),
  });
  if (stage.state !== "failed" || !may("stage.retry")) return null;
  return (
    <Button
      size="xs"
      variant="light"
      leftSection={<RotateCcw size={14} />}
      loading={retry.isPending}
      onClick={() => retry.mutate()}
    >
      {TEXTS.retry}
    </Button>
  );
}

function StageIcon({ state }: { state: Stage["state"] }) {
  if (state === "done")
    return <Check size={18} color="var(--mantine-color-gate-6)" role="img" aria-label={TEXTS.done} />;
  if (state === "failed")
    return <CircleX size={18} color="var(--mantine-color-red-6)" role="img" aria-label={TEXTS.failed} />;
  if (state === "running") return <LoaderCircle size={18} role="img" aria-label={TEXTS.running} />;
  return <CircleDashed size={18} opacity={0.5} role="img" aria-label={TEXTS.pending} />;
}
