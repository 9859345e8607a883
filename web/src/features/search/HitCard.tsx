import { Badge, Group, Paper, Stack, Text } from "@mantine/core";
import { Link } from "react-router";
import type { Hit } from "../../api/types";
import { FrameImage, sizeOf } from "../../app/elements/FrameImage";
import { viewAround } from "../../app/elements/frameView";
import { Time } from "../../app/elements/Time";
import { offsetText } from "../../app/format/time";
import { SOURCE_WORDS } from "../../app/format/words";
import { momentAddress } from "./address";
import { Snippet } from "./Snippet";

const FRAME_WIDTH = 1280; // a part of it is shown, at about its own size
const DOUBTFUL = 0.6; // below it every other character may be wrong

export function HitCard({ hit, query }: { hit: Hit; query: string }) {
  const size = sizeOf(hit);
  const boxes = hit.boxes.length > 0 ? hit.boxes : [hit.box];
  return (
    <Paper role="listitem" className="hit-card" style={{ overflow: "hidden" }}>
      <Link to={momentAddress(hit.recording_id, hit.offset_ms, query)} className="hit-link">
        <FrameImage
          recordingId={hit.recording_id}
          offsetMs={hit.offset_ms}
          width={FRAME_WIDTH}
          size={size}
          view={viewAround(boxes[0] ?? hit.box, size)}
          boxes={boxes}
        />
        <Stack gap={6} p="md">
          <Text fz="sm" fw={520} lineClamp={3} component="div">
            <Snippet parts={hit.snippet} />
          </Text>
          <Text fz="xs" c="dimmed" truncate>
            {hit.operator_name} on {hit.target_name}
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
      {hit.source !== "screen" && <HitBadge color="blue">{SOURCE_WORDS[hit.source] ?? hit.source}</HitBadge>}
      {hit.match === "tolerant" && <HitBadge color="yellow">similar</HitBadge>}
      {hit.confidence < DOUBTFUL && <HitBadge color="yellow">hard to read</HitBadge>}
      <HitBadge color="gray">at {offsetText(hit.offset_ms)}</HitBadge>
    </Group>
  );
}

function HitBadge({ color, children }: { color: string; children: React.ReactNode }) {
  return (
    <Badge variant="light" color={color} radius="sm" tt="none" fw={500} className="tabular">
      {children}
    </Badge>
  );
}
