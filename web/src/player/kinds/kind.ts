/** What the pages need of a kind of recordings. A new kind is one file here and one row in `kinds.ts`. */
import type { ComponentType } from "react";
import type { Hit, Recording, RecordingSummary } from "../../api/types";
import type { PlaybackController } from "../controller";

export interface SurfaceProps {
  recording: Recording;
  /** Gets the kind's renderer while the surface is mounted. */
  controller: PlaybackController;
  timeMs: number;
  hits: readonly Hit[];
  /** The position that the address asks for. */
  startMs: number;
}

export interface PlayerKind {
  /** Paints the recording and attaches its renderer to the controller. */
  Surface: ComponentType<SurfaceProps>;
  /** Whether what it paints from has been made yet. */
  canPlay: (recording: Pick<RecordingSummary, "has_video">) => boolean;
  /** The address of a picture of the recording at a time. */
  pictureAt: (recordingId: string, offsetMs: number, width: number) => string;
}
