import { useState, useSyncExternalStore } from "react";
import { type Playback, PlaybackController } from "./controller";

export function usePlaybackController(): PlaybackController {
  return useState(() => new PlaybackController())[0];
}

export function usePlayback(controller: PlaybackController): Playback {
  return useSyncExternalStore(controller.subscribe, controller.snapshot);
}
