import { describe, expect, it } from "vitest";
import { CLIPBOARD_BYTES, lossesOf } from "./delivery";

describe("a text on its way to the target's clipboard", () => {
  it("arrives whole where the encoding has its characters", () => {
    expect(lossesOf("Grüße", "ISO8859-1")).toEqual([]);
    expect(lossesOf("5 €", "CP1252")).toEqual([]);
    expect(lossesOf("Привет 🔑", "UTF-8")).toEqual([]);
  });

  it("names the characters that the encoding lacks, each once", () => {
    expect(lossesOf("5 € + 3 €, 🔑", "ISO8859-1")).toEqual([
      'The target\'s clipboard takes ISO8859-1 only. Arriving as "?": € 🔑',
    ]);
    expect(lossesOf("\u0085", "CP1252")).toHaveLength(1);
    expect(lossesOf("Привет, мир", "CP1252")[0]).toMatch(/and others$/);
  });

  it("says how much is cut, counted as guacd counts", () => {
    expect(lossesOf("a".repeat(CLIPBOARD_BYTES), "UTF-8")).toEqual([]);
    expect(lossesOf("ü".repeat(CLIPBOARD_BYTES / 2 + 1), "UTF-8")[0]).toContain("the last 2 of");
  });
});
