import { expect, test } from "vitest";
import type { Transfer } from "./types";
import { sourceText, transferText } from "./transfer";

const PASTE: Transfer = {
  direction: "to_target",
  end: "whole",
  mimetype: "text/plain",
  size_bytes: 12,
  sha256: null,
};

test("says which way something went, where that is known", () => {
  expect(sourceText("clipboard", PASTE)).toBe("Pasted to the target");
  expect(sourceText("clipboard", { ...PASTE, direction: "from_target" })).toBe("Copied from the target");
  expect(sourceText("file", PASTE)).toBe("File to the target");
  expect(sourceText("file", { ...PASTE, direction: null })).toBe("File name");
  expect(sourceText("clipboard", null)).toBe("Clipboard");
  expect(sourceText("keys", null)).toBe("Typed");
});

test("says how much it was, and that it is not all or did not arrive", () => {
  expect(transferText(PASTE)).toBe("text/plain, 12 B");
  const file: Transfer = { ...PASTE, mimetype: "text/csv", sha256: "ab", end: "refused" };
  expect(transferText(file)).toBe("text/csv, 12 B, SHA-256 ab, refused: it did not reach the target");
});
