import { Group, Paper, Stack, Text } from "@mantine/core";
import { Link } from "react-router";
import type { Hit } from "../../api/types";
import { Evidence } from "./Evidence";
import { HitBadge, MatchBadge, SourceBadge } from "./HitBadges";
import { Time } from "../../elements/Time";
import { placesOf } from "../../api/places";
import { offsetText } from "../../format/time";
import { pictureMs } from "./picture";
import { Snippet } from "../../elements/Snippet";
import { momentAddress } from "../../format/addresses";
import { TEXTS } from "./texts";

const DOUBTFUL = 0.6; // below it every other character may be wrong

export function HitCard({ hit, query }: { hit: Hit; query: string }) {
  return (
    <Paper role="listitem" className="hit-card" style={{ overflow: "hidden" }}>
      <Link to={momentAddress(hit.recording_id, hit.offset_ms, query)} className="hit-link">
        <Evidence
          recordingId={hit.recording_id}
          offsetMs={pictureMs(hit)}
          size={hit}
          places={placesOf(hit)}
        />
        <Stack gap={6} p="md">
          <Text fz="sm" fw={520} lineClamp={3} component="div">
            <Snippet parts={hit.snippet} />
          </Text>
          <Text fz="xs" c="dimmed" truncate>
            {TEXTS.operatorOnTarget(hit.operator_name, hit.target_name)}
          </Text>
          <Group gap={6} fz="xs" c="dimmed" justify="space-between">
            <Time at={hit.at} />
            <HitBadges hit={hit} />
          </Group>
        </Stack>
      </Link>
    </Paper>
  );
}

function HitBadges({ hit }: { hit: Hit }) {
  return (
    <Group gap={4}>
      <SourceBadge source={hit.source} transfer={hit.transfer} />
      <MatchBadge match={hit.match} />
      {hit.confidence < DOUBTFUL && <HitBadge color="yellow">{TEXTS.hardToRead}</HitBadge>}
      <HitBadge color="gray">{TEXTS.at(offsetText(hit.offset_ms))}</HitBadge>
    </Group>
  );
}
