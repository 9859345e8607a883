import { describe, expect, it } from "vitest";
import { decodeInstructions, encodeInstruction, MalformedInstruction } from "./instructions";

describe("encodeInstruction", () => {
  it("puts the length before each element", () => {
    expect(encodeInstruction(["mouse", 12, 5, 0])).toBe("5.mouse,2.12,1.5,1.0;");
  });

  it("counts code points, not UTF-16 units", () => {
    expect(encodeInstruction(["name", "a😀b"])).toBe("4.name,3.a😀b;");
  });

  it("keeps an empty opcode", () => {
    expect(encodeInstruction(["", "ping", 7])).toBe("0.,4.ping,1.7;");
  });
});

describe("decodeInstructions", () => {
  it("reads several instructions of one message", () => {
    expect(decodeInstructions("4.sync,2.17;3.nop;")).toEqual([["sync", "17"], ["nop"]]);
  });

  it("is not misled by separators inside an element", () => {
    expect(decodeInstructions("3.msg,5.a;b,.;")).toEqual([["msg", "a;b,."]]);
  });

  it("reads back what was encoded, beyond the basic plane too", () => {
    const elements = ["name", "🖥 Küche", "", "漢字😀"];
    expect(decodeInstructions(encodeInstruction(elements) + encodeInstruction(["nop"]))).toEqual([
      elements,
      ["nop"],
    ]);
  });

  it.each(["4.sync", "4.sync,", "x.sync;", "sync;", "9.sync;", "4.sync,2.17"])("refuses %s", (message) => {
    expect(() => decodeInstructions(message)).toThrow(MalformedInstruction);
  });

  it("has nothing to say about an empty message", () => {
    expect(decodeInstructions("")).toEqual([]);
  });
});
