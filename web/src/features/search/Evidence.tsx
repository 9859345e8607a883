/** The part of a frame where something was read, with boxes; the whole frame for text that had no place on it. */
import { frameAddress } from "../../api/addresses";
import type { Place } from "../../api/types";
import { FrameImage, sizeOf } from "../../elements/FrameImage";
import { viewAround } from "../../elements/frameView";

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
      src={frameAddress(recordingId, offsetMs, FRAME_WIDTH)}
      size={frame}
      boxes={places}
      {...(first === undefined ? {} : { view: viewAround(first, frame) })}
    />
  );
}
