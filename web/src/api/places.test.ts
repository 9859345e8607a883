import { describe, expect, it } from "vitest";
import { byPlace, placesOf } from "./places";

const at = (x: number, y: number) => ({ kind: "box" as const, x, y, width: 40, height: 12 });

describe("placesOf", () => {
  it("marks the words that match", () => {
    expect(placesOf({ place: at(0, 0), places: [at(9, 0)] })).toEqual([at(9, 0)]);
  });

  it("marks the line where its words are not known", () => {
    expect(placesOf({ place: at(0, 0), places: [] })).toEqual([at(0, 0)]);
  });

  it("marks nothing for text that was never shown", () => {
    expect(placesOf({ place: null, places: [] })).toEqual([]);
  });
});

describe("byPlace", () => {
  it("reads line by line, and first what was typed", () => {
    expect([at(5, 20), at(0, 20), null, at(90, 1)].toSorted(byPlace)).toEqual([
      null,
      at(90, 1),
      at(0, 20),
      at(5, 20),
    ]);
  });
});
