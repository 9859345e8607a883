/** A recording of a kind that these pages cannot play: what it is, its exact text, and where the original is. */
import { Alert, Paper, Stack } from "@mantine/core";
import { useState } from "react";
import type { Recording } from "../../api/types";
import { kindName } from "../../player/kinds/kinds";
import { Transcript } from "../../player/Transcript";
import { noVideoNotice } from "./stages";
import { TEXTS } from "./texts";

export function UnplayableRecording({ recording }: { recording: Recording }) {
  const [timeMs, setTimeMs] = useState(0);
  if (recording.state === "purged" || recording.closed_at === null) {
    const { title, text } = noVideoNotice(recording);
    return (
      <Alert variant="light" color="gray" title={title}>
        {text}
      </Alert>
    );
  }
  return (
    <Stack>
      <Alert variant="light" color="blue" title={TEXTS.noPlayer(kindName(recording))}>
        {TEXTS.noPlayerText}
      </Alert>
      <Paper p="sm" component="section" aria-label={TEXTS.transcript}>
        <Transcript
          recordingId={recording.id}
          timeMs={timeMs}
          durationMs={recording.duration_ms ?? 0}
          onSeek={(ms) => setTimeMs(Math.max(0, ms))}
        />
      </Paper>
    </Stack>
  );
}
