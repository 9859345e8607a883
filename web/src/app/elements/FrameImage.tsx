/** The picture of a recording at a time, with boxes drawn over it; a quiet placeholder where there is none. */
import { Skeleton } from "@mantine/core";
import { ImageOff } from "lucide-react";
import { useState } from "react";
import { frameAddress } from "../../api/queries";
import type { Box } from "../../api/types";
import "./frame.css";

interface Props {
  recordingId: string;
  offsetMs: number;
  /** Of the picture asked for, in pixels. */
  width: number;
  /** The frame's own size, in which the boxes are. */
  size: { width: number | null; height: number | null };
  boxes?: readonly Box[];
  label: string;
}

const BOX_MARGIN = 4;
const USUAL = { width: 1280, height: 800 };

export function FrameImage({ recordingId, offsetMs, width, size, boxes = [], label }: Props) {
  const [state, setState] = useState<"loading" | "shown" | "missing">("loading");
  const full = { width: size.width ?? USUAL.width, height: size.height ?? USUAL.height };
  return (
    <div className="frame-image" style={{ aspectRatio: `${full.width} / ${full.height}` }}>
      {state === "loading" && <Skeleton className="frame-fill" radius={0} />}
      {state === "missing" ? (
        <span className="frame-fill frame-missing">
          <ImageOff size={22} aria-hidden="true" />
        </span>
      ) : (
        <img
          className="frame-fill"
          src={frameAddress(recordingId, offsetMs, width)}
          alt={label}
          loading="lazy"
          decoding="async"
          onLoad={() => setState("shown")}
          onError={() => setState("missing")}
        />
      )}
      {state === "shown" && boxes.length > 0 && (
        <svg className="frame-fill" viewBox={`0 0 ${full.width} ${full.height}`} aria-hidden="true">
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
      )}
    </div>
  );
}
