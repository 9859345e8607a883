import { Group, Text, Tooltip } from "@mantine/core";
import { Link } from "react-router";
import type { RecordingSummary } from "../../api/types";
import { FrameImage, sizeOf } from "../../elements/FrameImage";
import { ToneBadge } from "../../elements/ToneBadge";
import { Time } from "../../elements/Time";
import { bytesText } from "../../format/bytes";
import { absoluteTime, durationText } from "../../format/time";
import { plainWords } from "../../format/words";
import { playerKindOf } from "../../player/kinds/kinds";
import { pictureMsOf } from "../../player/poster";
import { PipelineLine } from "./PipelineLine";
import { RecordingStateBadge } from "./RecordingStateBadge";
import { TEXTS } from "./texts";

const THUMBNAIL_WIDTH = 240;

export function RecordingRow({ recording }: { recording: RecordingSummary }) {
  const kind = playerKindOf(recording);
  return (
    <li className="recording-row">
      <Link to={`/recordings/${recording.id}`} className="recording-thumb" tabIndex={-1} aria-hidden="true">
        {kind?.canPlay(recording) ? (
          <FrameImage
            src={kind.pictureAt(recording.id, pictureMsOf(recording), THUMBNAIL_WIDTH)}
            size={sizeOf(recording)}
          />
        ) : (
          <div className="recording-blank">{recording.protocol.toUpperCase()}</div>
        )}
      </Link>
      <div className="recording-main">
        <Group gap={8}>
          <Link to={`/recordings/${recording.id}`} className="quiet-link">
            <Text fw={600}>{recording.target_name}</Text>
          </Link>
          <RecordingStateBadge recording={recording} />
          {recording.source === "imported" && (
            <ToneBadge title={TEXTS.imported} tone="quiet" means={TEXTS.broughtInFromAnother} />
          )}
          <Custody recording={recording} />
        </Group>
        <Text fz="sm" c="dimmed" component="div">
          {recording.operator_name} · <Time at={recording.started_at} />
          {recording.close_reason && ` · ${plainWords(recording.close_reason)}`}
        </Text>
        <PipelineLine recording={recording} />
      </div>
      <Facts recording={recording} />
    </li>
  );
}

/** What stands between the recording and its end. */
function Custody({ recording: { is_held, purge_due_at } }: { recording: RecordingSummary }) {
  return (
    <>
      {is_held && <ToneBadge title={TEXTS.held} tone="wait" means={TEXTS.holdForbidsPurgingIt} />}
      {purge_due_at && (
        <ToneBadge
          title={TEXTS.markedForPurge}
          tone="bad"
          means={TEXTS.itsBytesAreErased(absoluteTime(new Date(purge_due_at)))}
        />
      )}
    </>
  );
}

function Facts({ recording }: { recording: RecordingSummary }) {
  return (
    <Group className="recording-facts tabular" gap="lg" wrap="nowrap">
      {recording.duration_ms !== null && <span>{durationText(recording.duration_ms)}</span>}
      {recording.size_bytes !== null && <span>{bytesText(recording.size_bytes)}</span>}
      {recording.searchable_seconds !== null && (
        <Tooltip label={TEXTS.fromDisconnectToSearchable}>
          <span>{TEXTS.searchableIn(durationText(recording.searchable_seconds * 1000))}</span>
        </Tooltip>
      )}
    </Group>
  );
}
