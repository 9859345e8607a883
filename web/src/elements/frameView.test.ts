import { describe, expect, it } from "vitest";
import { viewAround } from "./frameView";

const FRAME = { width: 1920, height: 1080 };

describe("viewAround", () => {
  it("puts the box in the middle", () => {
    const view = viewAround({ x: 900, y: 500, width: 120, height: 20 }, FRAME);
    expect(view).toEqual({ x: 600, y: 307.5, width: 720, height: 405 });
  });

  it("stays inside the frame", () => {
    expect(viewAround({ x: 5, y: 4, width: 50, height: 12 }, FRAME)).toMatchObject({ x: 0, y: 0 });
    const corner = viewAround({ x: 1900, y: 1070, width: 20, height: 10 }, FRAME);
    expect([corner.x + corner.width, corner.y + corner.height]).toEqual([1920, 1080]);
  });

  it("has room for a wide box", () => {
    const view = viewAround({ x: 100, y: 100, width: 1400, height: 20 }, FRAME);
    expect(view.width).toBeGreaterThan(1400);
    expect(view.x).toBeLessThanOrEqual(100);
  });

  it("shows no more than a small frame has", () => {
    expect(viewAround({ x: 0, y: 0, width: 10, height: 10 }, { width: 640, height: 480 }).width).toBe(640);
  });
});
