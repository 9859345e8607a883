import { Badge, Group, Paper, Stack, Text } from "@mantine/core";
import { Link } from "react-router";
import type { Hit } from "../../api/types";
import { FrameImage } from "../../app/elements/FrameImage";
import { Time } from "../../app/elements/Time";
import { offsetText } from "../../app/format/time";
import { SOURCE_WORDS } from "../../app/format/words";
import { momentAddress } from "./address";
import { Snippet } from "./Snippet";

const THUMBNAIL_WIDTH = 480;
const DOUBTFUL = 0.6; // below it every other character may be wrong

export function HitCard({ hit, query }: { hit: Hit; query: string }) {
  return (
    <Paper role="listitem" className="hit-card" style={{ overflow: "hidden" }}>
      <Link to={momentAddress(hit.recording_id, hit.offset_ms, query)} className="hit-link">
        <FrameImage
          recordingId={hit.recording_id}
          offsetMs={hit.offset_ms}
          width={THUMBNAIL_WIDTH}
          size={hit}
          boxes={hit.boxes.length > 0 ? hit.boxes : [hit.box]}
          label=""
        />
        <Stack gap={6} p="md">
          <Text fz="sm" lineClamp={3} component="div">
            <Snippet parts={hit.snippet} />
          </Text>
          <Group gap={6} fz="xs" c="dimmed" justify="space-between" wrap="nowrap">
            <Text inherit truncate>
              {hit.operator_name} on {hit.target_name}
            </Text>
            <Time at={hit.at} />
          </Group>
          <Group gap={6}>
            <Badge variant="light" color="gray" radius="sm" tt="none" fw={500} className="tabular">
              at {offsetText(hit.offset_ms)}
            </Badge>
            {hit.source !== "screen" && (
              <Badge variant="light" color="blue" radius="sm" tt="none" fw={500}>
                {SOURCE_WORDS[hit.source]}
              </Badge>
            )}
            {hit.confidence < DOUBTFUL && (
              <Badge variant="light" color="yellow" radius="sm" tt="none" fw={500}>
                hard to read
              </Badge>
            )}
          </Group>
        </Stack>
      </Link>
    </Paper>
  );
}
