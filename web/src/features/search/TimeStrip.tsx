/** A session as a strip, with a link at every time of a hit. */
import { Group, Text, Tooltip } from "@mantine/core";
import { Link } from "react-router";
import type { RecordingHits } from "../../api/types";
import { offsetText } from "../../format/time";
import { momentAddress } from "../../format/addresses";
import { placeOfTick, stripLength } from "./ticks";
import { TEXTS } from "./texts";

export function TimeStrip({ found, query }: { found: RecordingHits; query: string }) {
  const lengthMs = stripLength(found.duration_ms, found.offsets_ms);
  return (
    <div>
      <div className="time-strip" role="group" aria-label={TEXTS.timesOfHits}>
        {found.offsets_ms.map(({ offset_ms, match }, index) => (
          <Tooltip key={`${offset_ms}-${index}`} label={`${offsetText(offset_ms, true)}, ${match}`}>
            <Link
              to={momentAddress(found.recording_id, offset_ms, query)}
              className="time-tick"
              data-match={match}
              style={{ left: `${placeOfTick(offset_ms, lengthMs)}%` }}
              aria-label={TEXTS.atWithMatch(offsetText(offset_ms, true), match)}
            />
          </Tooltip>
        ))}
      </div>
      <Group justify="space-between" fz="xs" c="dimmed" className="tabular" mt={2}>
        <Text inherit>{offsetText(0)}</Text>
        {found.hit_count > found.offsets_ms.length && (
          <Text inherit>{TEXTS.firstHitsAreShown(found.offsets_ms.length)}</Text>
        )}
        <Text inherit>{offsetText(lengthMs)}</Text>
      </Group>
    </div>
  );
}
