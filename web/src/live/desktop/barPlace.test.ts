import { expect, it } from "vitest";
import { draggedTo } from "./barPlace";

it.each([
  ["as far as the pointer went", 0.5, 100, 1000, 0.6],
  ["not beyond the left edge", 0.5, -900, 1000, 0],
  ["not beyond the right edge", 0.5, 900, 1000, 1],
  ["nowhere in a window as narrow as the bar", 0.3, 50, 0, 0.3],
  ["nowhere in a window narrower than the bar", 0.3, 50, -20, 0.3],
])("moves %s", (_what, from, moved, room, to) => {
  expect(draggedTo(from, moved, room)).toBeCloseTo(to);
});
