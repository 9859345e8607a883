/** A picture of a screen, or a part of it, with boxes drawn over it; a quiet placeholder without one. */
import { Skeleton } from "@mantine/core";
import { ImageOff } from "lucide-react";
import { useState } from "react";
import type { Box } from "./frameView";
import "./frame.css";

interface Props {
  /** The picture's address. */
  src: string;
  /** The frame's own size, in which `view` and `boxes` are. */
  size: { width: number; height: number };
  view?: Box;
  boxes?: readonly Box[];
}

const BOX_MARGIN = 4;
export const USUAL_SIZE = { width: 1280, height: 800 };

export function FrameImage({ src, size, view, boxes = [] }: Props) {
  const [state, setState] = useState<"loading" | "shown" | "missing">("loading");
  const part = view ?? { x: 0, y: 0, ...size };
  return (
    <div className="frame-image" data-state={state} style={{ aspectRatio: `${part.width} / ${part.height}` }}>
      {state === "loading" && <Skeleton className="frame-fill" radius={0} />}
      {state === "missing" ? (
        <span className="frame-fill frame-missing">
          <ImageOff size={22} aria-hidden="true" />
        </span>
      ) : (
        <img
          src={src}
          alt=""
          loading="lazy"
          decoding="async"
          // Loaded is not yet drawn: boxes over a picture that is still being decoded would lie on nothing.
          onLoad={({ currentTarget }) =>
            void currentTarget.decode().then(
              () => setState("shown"),
              () => setState("missing"),
            )
          }
          onError={() => setState("missing")}
          style={placeOf(part, size)}
        />
      )}
      {state === "shown" && <Boxes boxes={boxes} view={part} />}
    </div>
  );
}

/** The whole picture, laid so that the wanted part fills its surroundings. */
function placeOf(part: Box, size: { width: number; height: number }) {
  return {
    left: `${(-100 * part.x) / part.width}%`,
    top: `${(-100 * part.y) / part.height}%`,
    width: `${(100 * size.width) / part.width}%`,
    height: `${(100 * size.height) / part.height}%`,
  };
}

function Boxes({ boxes, view }: { boxes: readonly Box[]; view: Box }) {
  return (
    <svg
      className="frame-fill"
      viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {boxes.map((box) => (
        <rect
          key={`${box.x}-${box.y}-${box.width}`}
          x={box.x - BOX_MARGIN}
          y={box.y - BOX_MARGIN}
          width={box.width + 2 * BOX_MARGIN}
          height={box.height + 2 * BOX_MARGIN}
          rx={6}
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}

export function sizeOf({ width, height }: { width: number | null; height: number | null }) {
  return width && height ? { width, height } : USUAL_SIZE;
}
