/**
 * Decides when: playing, seeking, speed, skipping of idle stretches. A renderer paints.
 *
 * Knows no React; `usePlayback` subscribes. Times in ms from the recording's start.
 */
import type { Renderer, RendererState } from "./renderer";
import { neighbour, type Stretch, skipTarget } from "./timeline";

export const RATES = [0.5, 1, 1.5, 2, 4, 8, 16] as const; // 16 is the most that Chromium plays

export interface Playback extends RendererState {
  skipIdle: boolean;
}

const START: Playback = {
  timeMs: 0,
  durationMs: 0,
  playing: false,
  rate: 1,
  skipIdle: false,
  ready: false,
  failed: false,
};

export class PlaybackController {
  private state: Playback = START;
  private renderer: Renderer | null = null;
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

  /** Drives the renderer until the returned function is called. */
  attach(renderer: Renderer): () => void {
    this.renderer = renderer;
    if (this.wantedMs !== null) renderer.seek(this.wantedMs);
    this.wantedMs = null;
    const end = renderer.load((change) => this.heard(change));
    return () => {
      end();
      this.renderer = null;
      this.state = START;
    };
  }

  toggle(): void {
    if (this.state.playing) this.renderer?.pause();
    else void this.renderer?.play().catch(() => this.update({ playing: false }));
  }

  pause(): void {
    this.renderer?.pause();
  }

  seek(ms: number): void {
    const within = Math.max(0, this.state.durationMs > 0 ? Math.min(ms, this.state.durationMs) : ms);
    this.update({ timeMs: within });
    if (this.renderer === null) this.wantedMs = within;
    else this.renderer.seek(within);
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
    this.renderer?.setRate(rate);
  }

  stepRate(direction: 1 | -1): void {
    const next = neighbour(RATES, this.state.rate, direction, 0);
    if (next !== null) this.setRate(next);
  }

  setSkipIdle(skipIdle: boolean): void {
    this.update({ skipIdle });
  }

  private heard(change: Partial<RendererState>): void {
    const starts = change.playing === true && !this.state.playing;
    this.update(change);
    if (starts) this.follow();
    else if (change.timeMs !== undefined) this.skipIdleAt(change.timeMs);
  }

  /** Renderers report their position a few times a second; the timeline should move smoothly. */
  private follow = (): void => {
    if (!this.state.playing || this.renderer === null) return;
    const timeMs = this.renderer.currentTime();
    if (timeMs !== null && !this.skipIdleAt(timeMs)) this.update({ timeMs });
    window.requestAnimationFrame(this.follow);
  };

  /** Whether it went on past an idle stretch. */
  private skipIdleAt(timeMs: number): boolean {
    const target = this.state.playing && this.state.skipIdle ? skipTarget(timeMs, this.idle) : null;
    if (target !== null) this.seek(target);
    return target !== null;
  }

  private update(change: Partial<Playback>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
