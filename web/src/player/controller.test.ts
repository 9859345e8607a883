// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { PlaybackController } from "./controller";
import type { Renderer, RendererState } from "./renderer";

/** Paints nothing: the controller has to do with any renderer. */
class PlainRenderer implements Renderer {
  report: (change: Partial<RendererState>) => void = () => undefined;
  readonly seeks: number[] = [];
  readonly rates: number[] = [];
  readonly pause = vi.fn(() => this.report({ playing: false }));
  readonly ended = vi.fn();
  timeMs: number | null = 0;

  load(report: (change: Partial<RendererState>) => void) {
    this.report = report;
    report({ durationMs: 60_000, ready: true });
    return this.ended;
  }
  async play() {
    this.report({ playing: true });
  }
  seek(ms: number) {
    this.seeks.push(ms);
  }
  setRate(rate: number) {
    this.rates.push(rate);
  }
  currentTime() {
    return this.timeMs;
  }
}

let controller: PlaybackController;
let renderer: PlainRenderer;

beforeEach(() => {
  vi.stubGlobal("requestAnimationFrame", vi.fn());
  controller = new PlaybackController();
  renderer = new PlainRenderer();
});

describe("the controller and a renderer that is no film", () => {
  it("seeks where it was told before there was a renderer", () => {
    controller.seek(5_000);
    controller.attach(renderer);
    expect(renderer.seeks).toEqual([5_000]);
    expect(controller.snapshot()).toMatchObject({ timeMs: 5_000, durationMs: 60_000, ready: true });
  });

  it("plays and pauses", async () => {
    controller.attach(renderer);
    controller.toggle();
    expect(controller.snapshot().playing).toBe(true);
    controller.toggle();
    expect(renderer.pause).toHaveBeenCalledOnce();
    expect(controller.snapshot().playing).toBe(false);
  });

  it("is paused where the renderer cannot play", async () => {
    renderer.play = () => Promise.reject(new Error("not allowed"));
    controller.attach(renderer);
    controller.toggle();
    await vi.waitFor(() => expect(controller.snapshot().playing).toBe(false));
  });

  it("stays within the recording", () => {
    controller.attach(renderer);
    controller.seek(90_000);
    controller.skip(-120_000);
    controller.seekPart(0.5);
    expect(renderer.seeks).toEqual([60_000, 0, 30_000]);
  });

  it("goes past idle stretches while it plays, and only then", () => {
    controller.setTimeline([{ start_ms: 10_000, end_ms: 40_000 }], []);
    controller.setSkipIdle(true);
    controller.attach(renderer);
    renderer.report({ timeMs: 12_000 });
    expect(renderer.seeks).toEqual([]);
    controller.toggle();
    renderer.report({ timeMs: 12_000 });
    expect(renderer.seeks).toEqual([39_400]);
  });

  it("changes speed by steps", () => {
    controller.attach(renderer);
    controller.stepRate(1);
    expect(renderer.rates).toEqual([1.5]);
  });

  it("lets go of the renderer", () => {
    const detach = controller.attach(renderer);
    detach();
    expect(renderer.ended).toHaveBeenCalledOnce();
    controller.seek(1_000);
    expect(renderer.seeks).toEqual([]);
  });
});
