import { expect, it } from "vitest";
import { recordingIdsOf } from "./recordingIds";

const ONE = "0b1c2d3e-0000-4000-8000-000000000001";
const TWO = "0b1c2d3e-0000-4000-8000-000000000002";

it("takes ids and addresses, each once", () => {
  const text = `${ONE}, https://gate.example/recordings/${TWO}?t=4\n${ONE.toUpperCase()}`;
  expect(recordingIdsOf(text)).toEqual({ ids: [ONE, TWO], unknown: [] });
});

it("names what is no recording", () => {
  expect(recordingIdsOf(` ${ONE} press-1 `)).toEqual({ ids: [ONE], unknown: ["press-1"] });
  expect(recordingIdsOf(" \n")).toEqual({ ids: [], unknown: [] });
});
