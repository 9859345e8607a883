import { Group, Progress, Text } from "@mantine/core";
import type { RecordingSummary } from "../../api/types";
import { STAGE_WORDS } from "../../api/texts";
import { pipelineState } from "./stages";
import { TEXTS } from "./texts";

/** How far a recording is on its way to being searchable and archived; nothing when it has arrived. */
export function PipelineLine({ recording }: { recording: RecordingSummary }) {
  const state = pipelineState(recording);
  if (state.kind === "done" || state.kind === "recording") return null;
  const title = STAGE_WORDS[state.stage.name].title;
  if (state.kind === "failed") {
    return (
      <Text fz="xs" c="red" lineClamp={1}>
        {TEXTS.stageFailed(title, state.stage.error ?? TEXTS.noReasonGiven)}
      </Text>
    );
  }
  return (
    <Group gap="xs" maw={320} wrap="nowrap" mt={4}>
      <Progress
        value={state.share * 100}
        size="sm"
        radius="xl"
        style={{ flex: 1 }}
        animated
        aria-label={title}
      />
      <Text fz="xs" c="dimmed" className="tabular">
        {title} {Math.round(state.stage.progress * 100)} %
      </Text>
    </Group>
  );
}
