/** The part of a frame where something was read, with boxes; the whole frame for text that had no place on it. */
import type { Place } from "../api/types";
import { FrameImage, sizeOf } from "./FrameImage";
import { viewAround } from "./frameView";

const FRAME_WIDTH = 1280; // a part of it is shown, at about its own size

interface Props {
  recordingId: string;
  offsetMs: number;
  size: { width: number | null; height: number | null };
  places: readonly Place[];
}

export function Evidence({ recordingId, offsetMs, size, places }: Props) {
  const frame = sizeOf(size);
  const first = places[0];
  return (
    <FrameImage
      recordingId={recordingId}
      offsetMs={offsetMs}
      width={FRAME_WIDTH}
      size={frame}
      boxes={places}
      {...(first === undefined ? {} : { view: viewAround(first, frame) })}
    />
  );
}
