/** A <video> element as a renderer: the browser fetches ranges and paints. */
import type { Renderer, RendererState } from "../renderer";

export class VideoRenderer implements Renderer {
  private wantedMs: number | null = null;

  constructor(private readonly video: HTMLVideoElement) {}

  load(report: (change: Partial<RendererState>) => void): () => void {
    const { video } = this;
    const listening = new AbortController();
    const on = (name: keyof HTMLMediaElementEventMap, react: () => void) =>
      video.addEventListener(name, react, { signal: listening.signal });
    const loaded = () => {
      report({ durationMs: video.duration * 1000, failed: false });
      if (this.wantedMs !== null) video.currentTime = this.wantedMs / 1000;
      this.wantedMs = null;
    };
    on("loadedmetadata", loaded);
    on("loadeddata", () => report({ ready: true }));
    on("play", () => report({ playing: true }));
    on("pause", () => report({ playing: false }));
    on("ended", () => report({ playing: false }));
    on("seeking", () => report({ ready: false, timeMs: video.currentTime * 1000 }));
    on("seeked", () => report({ ready: true, timeMs: video.currentTime * 1000 }));
    on("timeupdate", () => report(video.seeking ? {} : { timeMs: video.currentTime * 1000 }));
    on("ratechange", () => report({ rate: video.playbackRate }));
    on("error", () => report({ failed: true }));
    if (this.isLoaded()) loaded();
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) report({ ready: true });
    return () => listening.abort();
  }

  play(): Promise<void> {
    return this.video.play();
  }

  pause(): void {
    this.video.pause();
  }

  seek(ms: number): void {
    if (this.isLoaded()) this.video.currentTime = ms / 1000;
    else this.wantedMs = ms;
  }

  setRate(rate: number): void {
    this.video.playbackRate = rate;
  }

  currentTime(): number | null {
    return this.video.seeking ? null : this.video.currentTime * 1000;
  }

  private isLoaded(): boolean {
    return this.video.readyState >= HTMLMediaElement.HAVE_METADATA;
  }
}
