import { expect, it } from "vitest";
import { gatewayNotice } from "./gatewayNotice";

it("reads what the gateway tells, as it was written", () => {
  const args = ["100%25 %F0%9F%91%80", "reelgate", "message", "7", "Cora", "1200"];
  expect(gatewayNotice("log", args)).toEqual({
    kind: "message",
    id: "7",
    author: "Cora",
    text: "100% \u{1F440}",
  });
});

it.each([
  ["log", ["from guacd"]],
  ["log", ["text", "reelgate", "another kind", "7", "Cora", "1"]],
  ["msg", ["text", "reelgate", "lock", "7", "Cora", "1"]],
])("takes nothing else for it: %s %j", (opcode, args) => {
  expect(gatewayNotice(opcode, args)).toBeNull();
});
