/** What the player asks of whatever paints a recording. The player knows no kind; each kind implements this. */

/** What a renderer reports of itself, in ms from the recording's start; only what has changed. */
export interface RendererState {
  timeMs: number;
  durationMs: number;
  playing: boolean;
  rate: number;
  /** What belongs to `timeMs` is shown. */
  ready: boolean;
  failed: boolean;
}

export interface Renderer {
  /** Starts loading and reports changes from now on, at once what is known already. Returns what ends it. */
  load(report: (change: Partial<RendererState>) => void): () => void;
  /** Rejects when it cannot play. */
  play(): Promise<void>;
  pause(): void;
  /** Before the recording is loaded, the last position counts once it is. */
  seek(ms: number): void;
  setRate(rate: number): void;
  /** The position that is shown, in ms; null while it seeks. */
  currentTime(): number | null;
}
