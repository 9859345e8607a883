/**
 * Decides when: playing, seeking, speed, skipping of idle stretches. The <video> element fetches ranges and paints.
 *
 * Knows no React; `usePlayback` subscribes. Times in ms from the recording's start.
 */
import { neighbour, type Stretch, skipTarget } from "./timeline";

export const RATES = [0.5, 1, 1.5, 2, 4, 8, 16] as const; // 16 is the most that Chromium plays

export interface Playback {
  timeMs: number;
  durationMs: number;
  playing: boolean;
  rate: number;
  skipIdle: boolean;
  /** The picture of `timeMs` is there. */
  ready: boolean;
  failed: boolean;
  width: number;
  height: number;
}

const START: Playback = {
  timeMs: 0,
  durationMs: 0,
  playing: false,
  rate: 1,
  skipIdle: false,
  ready: false,
  failed: false,
  width: 0,
  height: 0,
};

export class PlaybackController {
  private state: Playback = START;
  private video: HTMLVideoElement | null = null;
  private listening = new AbortController();
  private readonly listeners = new Set<() => void>();
  private idle: readonly Stretch[] = [];
  private changes: readonly number[] = [];
  private wantedMs: number | null = null;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): Playback => this.state;

  /** What is known of the recording: idle stretches, and times at which the picture changes. */
  setTimeline(idle: readonly Stretch[], changes: readonly number[]): void {
    this.idle = idle;
    this.changes = changes;
  }

  attach(video: HTMLVideoElement): () => void {
    this.video = video;
    this.listening = new AbortController();
    const { signal } = this.listening;
    const on = (name: keyof HTMLMediaElementEventMap, react: () => void) =>
      video.addEventListener(name, react, { signal });
    on("loadedmetadata", () => this.loaded(video));
    on("play", () => this.started());
    on("pause", () => this.update({ playing: false }));
    on("ended", () => this.update({ playing: false }));
    on("seeking", () => this.update({ ready: false, timeMs: video.currentTime * 1000 }));
    on("seeked", () => this.update({ ready: true, timeMs: video.currentTime * 1000 }));
    on("loadeddata", () => this.update({ ready: true }));
    on("timeupdate", () => this.tick());
    on("ratechange", () => this.update({ rate: video.playbackRate }));
    on("error", () => this.update({ failed: true }));
    if (video.readyState >= HTMLMediaElement.HAVE_METADATA) this.loaded(video);
    return () => {
      this.listening.abort();
      this.video = null;
      this.state = START;
    };
  }

  toggle(): void {
    if (this.state.playing) this.video?.pause();
    else void this.video?.play().catch(() => this.update({ playing: false }));
  }

  pause(): void {
    this.video?.pause();
  }

  seek(ms: number): void {
    const within = Math.max(0, this.state.durationMs > 0 ? Math.min(ms, this.state.durationMs) : ms);
    this.update({ timeMs: within });
    if (this.video && this.video.readyState >= HTMLMediaElement.HAVE_METADATA) {
      this.video.currentTime = within / 1000;
    } else {
      this.wantedMs = within;
    }
  }

  /** To a part of the whole, from 0 to 1; nowhere while the length is unknown. */
  seekPart(part: number): void {
    if (this.state.durationMs > 0) this.seek(part * this.state.durationMs);
  }

  skip(ms: number): void {
    this.seek(this.state.timeMs + ms);
  }

  /** To the next or the previous change of the picture; pauses. */
  step(direction: 1 | -1): void {
    this.pause();
    const at = neighbour(this.changes, this.state.timeMs, direction, 10);
    if (at !== null) this.seek(at);
  }

  setRate(rate: number): void {
    if (this.video) this.video.playbackRate = rate;
  }

  stepRate(direction: 1 | -1): void {
    const next = neighbour(RATES, this.state.rate, direction, 0);
    if (next !== null) this.setRate(next);
  }

  setSkipIdle(skipIdle: boolean): void {
    this.update({ skipIdle });
  }

  private loaded(video: HTMLVideoElement): void {
    this.update({
      durationMs: video.duration * 1000,
      width: video.videoWidth,
      height: video.videoHeight,
      failed: false,
    });
    if (this.wantedMs !== null) video.currentTime = this.wantedMs / 1000;
    this.wantedMs = null;
  }

  private started(): void {
    this.update({ playing: true });
    this.follow();
  }

  /** `timeupdate` comes four times a second; the timeline should move smoothly. */
  private follow = (): void => {
    if (!this.state.playing || this.video === null) return;
    this.tick();
    window.requestAnimationFrame(this.follow);
  };

  private tick(): void {
    if (this.video === null || this.video.seeking) return;
    const timeMs = this.video.currentTime * 1000;
    const target = this.state.playing && this.state.skipIdle ? skipTarget(timeMs, this.idle) : null;
    if (target === null) this.update({ timeMs });
    else this.seek(target);
  }

  private update(change: Partial<Playback>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
