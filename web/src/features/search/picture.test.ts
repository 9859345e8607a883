import { expect, it } from "vitest";
import { pictureMs } from "./picture";

it("shows a typed line at its end, and what was on the screen from its beginning", () => {
  expect(pictureMs({ source: "keys", offset_ms: 1000, end_ms: 4000 })).toBe(4000);
  expect(pictureMs({ source: "screen", offset_ms: 1000, end_ms: 4000 })).toBe(1000);
  expect(pictureMs({ source: "clipboard", offset_ms: 1000, end_ms: 1001 })).toBe(1000);
});
