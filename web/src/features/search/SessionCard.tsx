import { Badge, Group, Paper, Stack, Text } from "@mantine/core";
import { Link } from "react-router";
import type { RecordingHits } from "../../api/types";
import { Evidence } from "./Evidence";
import { MatchBadge, SourceBadge } from "./HitBadges";
import { Time } from "../../elements/Time";
import { placesOf } from "../../api/places";
import { pictureMs } from "./picture";
import { Snippet } from "../../elements/Snippet";
import { TimeStrip } from "./TimeStrip";
import { momentAddress } from "../../format/addresses";
import { TEXTS } from "./texts";

export function SessionCard({ found, query }: { found: RecordingHits; query: string }) {
  const { best } = found;
  return (
    <Paper role="listitem" className="session-card">
      <Link
        to={momentAddress(found.recording_id, best.offset_ms, query)}
        className="hit-link session-picture"
        aria-label={TEXTS.bestHitIn(found.target_name)}
      >
        <Evidence
          recordingId={found.recording_id}
          offsetMs={pictureMs(best)}
          size={best}
          places={placesOf(best)}
        />
      </Link>
      <Stack gap="xs" p="md" style={{ minWidth: 0, flex: 1 }}>
        <Group justify="space-between" gap="xs">
          <Text fz="sm" fw={600}>
            {TEXTS.operatorOnTarget(found.operator_name, found.target_name)}
          </Text>
          <Badge variant="light" radius="sm" tt="none" fw={560}>
            {TEXTS.hitCount(found.hit_count)}
          </Badge>
        </Group>
        <Text fz="xs" c="dimmed" component="div">
          {found.protocol !== "" && `${found.protocol.toUpperCase()} · `}
          <Time at={found.started_at} />
        </Text>
        <Text fz="sm" lineClamp={2} component="div">
          <Snippet parts={best.snippet} />
        </Text>
        <Group gap={4}>
          <SourceBadge source={best.source} transfer={best.transfer} />
          <MatchBadge match={best.match} />
        </Group>
        <TimeStrip found={found} query={query} />
      </Stack>
    </Paper>
  );
}
