import { expect, it } from "vitest";
import { isHalf, SurrogatePairs } from "./keysyms";

const [HIGH, LOW] = [0x0100_d83d, 0x0100_de00]; // the halves of U+1F600
const WHOLE = 0x0101_f600;

it("joins two halves to one character", () => {
  const pairs = new SurrogatePairs();
  expect(pairs.join(HIGH)).toBeNull();
  expect(pairs.join(LOW)).toBe(WHOLE);
});

it("drops a second half without a first one", () => {
  const pairs = new SurrogatePairs();
  expect(pairs.join(LOW)).toBeNull();
});

it("does not keep a first half over another key", () => {
  const pairs = new SurrogatePairs();
  pairs.join(HIGH);
  expect(pairs.join(0x61)).toBe(0x61);
  expect(pairs.join(LOW)).toBeNull();
});

it.each([
  [0x0100_d7ff, false],
  [0x0100_d800, true],
  [0x0100_dfff, true],
  [0x0100_e000, false],
  [0x61, false],
])("knows whether %i is half a character", (keysym, half) => {
  expect(isHalf(keysym)).toBe(half);
});
