/** The picture with the boxes of hits over it. */
import { Loader } from "@mantine/core";
import { type CSSProperties, type RefObject, useEffect } from "react";
import { frameAddress, videoAddress } from "../api/addresses";
import type { Hit } from "../api/types";
import { placesOf } from "../format/places";
import type { Playback, PlaybackController } from "./controller";
import { isShownAt } from "./timeline";

const POSTER_WIDTH = 1280;
const BOX_MARGIN = 3; // pixels of the video around the text

interface Props {
  recordingId: string;
  controller: PlaybackController;
  playback: Playback;
  hits: readonly Hit[];
  video: RefObject<HTMLVideoElement | null>;
  aspect: number;
  /** The moment whose picture shows before anything is played. */
  posterMs: number;
}

export function Stage({ recordingId, controller, playback, hits, video, aspect, posterMs }: Props) {
  useEffect(() => (video.current ? controller.attach(video.current) : undefined), [controller, video]);
  const shown = hits.filter((hit) => isShownAt(playback.timeMs, hit.offset_ms, hit.end_ms));
  return (
    <div className="player-stage" style={pictureAspect(aspect)}>
      <video
        ref={video}
        src={videoAddress(recordingId)}
        poster={frameAddress(recordingId, posterMs, POSTER_WIDTH)}
        aria-label="Recording"
        preload="auto"
        playsInline
        muted
        onClick={() => controller.toggle()}
      />
      {playback.width > 0 && <HitBoxes hits={shown} width={playback.width} height={playback.height} />}
      {!playback.ready && !playback.failed && (
        <div className="player-wait">
          <Loader color="gray.3" />
        </div>
      )}
    </div>
  );
}

function pictureAspect(aspect: number): CSSProperties {
  return { "--picture-aspect": String(aspect) } as CSSProperties;
}

function HitBoxes({ hits, width, height }: { hits: readonly Hit[]; width: number; height: number }) {
  return (
    <svg
      className="player-boxes"
      viewBox={`0 0 ${width} ${height}`}
      data-testid="hit-boxes"
      aria-hidden="true"
    >
      {hits.flatMap((hit) =>
        placesOf(hit).map((box) => (
          <rect
            key={`${hit.span_id}-${box.x}-${box.y}`}
            x={box.x - BOX_MARGIN}
            y={box.y - BOX_MARGIN}
            width={box.width + 2 * BOX_MARGIN}
            height={box.height + 2 * BOX_MARGIN}
            rx={4}
            vectorEffect="non-scaling-stroke"
          />
        )),
      )}
    </svg>
  );
}
