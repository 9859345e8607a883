/** Desktops: a video, and the boxes of hits over it. */
import { type CSSProperties, useEffect, useRef, useState } from "react";
import { frameAddress, videoAddress } from "../../api/addresses";
import type { Hit } from "../../api/types";
import { placesOf } from "../../api/places";
import { pictureMsOf } from "../poster";
import { isShownAt } from "../timeline";
import { TEXTS } from "../texts";
import type { PlayerKind, SurfaceProps } from "./kind";
import { VideoRenderer } from "./videoRenderer";

const POSTER_WIDTH = 1280;
const BOX_MARGIN = 3; // pixels of the video around the text
const WIDE = 1.6; // until the video says better

export const desktop: PlayerKind = {
  Surface,
  canPlay: ({ has_video }) => has_video,
  pictureAt: frameAddress,
};

interface Size {
  width: number;
  height: number;
}

function Surface({ recording, controller, timeMs, hits, startMs }: SurfaceProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [size, setSize] = useState<Size | null>(null);
  useEffect(
    () => (video.current ? controller.attach(new VideoRenderer(video.current)) : undefined),
    [controller],
  );
  const shown = hits.filter((hit) => isShownAt(timeMs, hit.offset_ms, hit.end_ms));
  return (
    <div className="player-picture" style={pictureAspect(size ?? recording)}>
      <video
        ref={video}
        src={videoAddress(recording.id)}
        poster={frameAddress(recording.id, startMs > 0 ? startMs : pictureMsOf(recording), POSTER_WIDTH)}
        aria-label={TEXTS.recording}
        preload="auto"
        playsInline
        muted
        onLoadedMetadata={({ currentTarget: { videoWidth, videoHeight } }) =>
          setSize({ width: videoWidth, height: videoHeight })
        }
        onClick={() => controller.toggle()}
      />
      {size && <HitBoxes hits={shown} {...size} />}
    </div>
  );
}

function pictureAspect({ width, height }: { width: number | null; height: number | null }): CSSProperties {
  return { "--picture-aspect": String(width && height ? width / height : WIDE) } as CSSProperties;
}

function HitBoxes({ hits, width, height }: { hits: readonly Hit[] } & Size) {
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
