import { expect, it } from "vitest";
import { bytesText } from "./bytes";

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1.0 kB"],
  [1_440_000, "1.4 MB"],
  [123_456_789, "123 MB"],
  [2e15, "2000 TB"],
])("says %d bytes as %s", (size, text) => {
  expect(bytesText(size)).toBe(text);
});
