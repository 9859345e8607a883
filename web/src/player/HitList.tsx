/** The hits of the query in this recording, beside the picture. */
import { ScrollArea, Text } from "@mantine/core";
import type { Hit } from "../api/types";
import { offsetText } from "../format/time";
import { Snippet } from "../elements/Snippet";
import type { PlaybackController } from "./controller";
import { SpanLine } from "./SpanLine";
import { isShownAt } from "./timeline";
import { TEXTS } from "./texts";

interface Props {
  hits: readonly Hit[];
  timeMs: number;
  controller: PlaybackController;
}

export function HitList({ hits, timeMs, controller }: Props) {
  if (hits.length === 0) {
    return (
      <Text fz="sm" c="dimmed" ta="center" py="lg">
        {TEXTS.nothingHereMatchesQuery}
      </Text>
    );
  }
  return (
    <ScrollArea.Autosize mah={{ base: 320, lg: "66vh" }} type="auto">
      {hits.map((hit) => (
        <button
          key={hit.span_id}
          type="button"
          className="span-row"
          data-active={isShownAt(timeMs, hit.offset_ms, hit.end_ms)}
          onClick={() => controller.seek(hit.offset_ms)}
        >
          <time>{offsetText(hit.offset_ms)}</time>
          <SpanLine of={hit}>
            <Snippet parts={hit.snippet} />
          </SpanLine>
        </button>
      ))}
    </ScrollArea.Autosize>
  );
}
