import { describe, expect, it } from "vitest";
import type { Protocol, Target } from "../../api/types";
import { draftOf, targetBodyOf, targetPatchOf, withProtocol } from "./draft";

function protocol(name: string, port: number, parameters: string[]): Protocol {
  const field = { kind: "text" as const, choices: [], default: "", help: "" };
  return {
    name,
    title: name.toUpperCase(),
    default_port: port,
    parameters: parameters.map((parameter) => ({ ...field, name: parameter, title: parameter })),
  };
}

const PROTOCOLS = [
  protocol("rdp", 3389, ["security", "color-depth"]),
  protocol("vnc", 5900, ["color-depth"]),
];

const TARGET: Target = {
  id: "t1",
  name: "db1",
  protocol: "rdp",
  host: "10.0.0.5",
  port: 3390,
  parameters: { security: "nla" },
  record_keys: false,
  index_text: false,
  recording_policy: "degrade",
  target_group: "ward 3",
  risk_class: "vendor",
  created_at: "2026-01-01T00:00:00Z",
  credential: { username: "svc", updated_at: "2026-01-01T00:00:00Z" },
};

describe("a target being edited", () => {
  it("begins as the first protocol with its port when it is new", () => {
    expect(draftOf(null, PROTOCOLS)).toMatchObject({
      protocol: "rdp",
      port: 3389,
      record_keys: true,
      index_text: true,
      recording_policy: "strict",
      risk_class: "standard",
      secret: "",
    });
  });

  it("keeps only parameters that another protocol knows, and takes its port", () => {
    const draft = { ...draftOf(null, PROTOCOLS), parameters: { security: "nla", "color-depth": "16" } };
    expect(withProtocol(draft, "vnc", PROTOCOLS)).toMatchObject({
      protocol: "vnc",
      port: 5900,
      parameters: { "color-depth": "16" },
    });
  });

  it("sends neither protocol nor credential with a change", () => {
    const patch = targetPatchOf(draftOf(TARGET, PROTOCOLS));
    expect(patch).toEqual({
      name: "db1",
      host: "10.0.0.5",
      port: 3390,
      record_keys: false,
      index_text: false,
      recording_policy: "degrade",
      target_group: "ward 3",
      risk_class: "vendor",
      parameters: { security: "nla" },
    });
  });

  it("leaves out empty parameters and an empty credential", () => {
    const draft = { ...draftOf(null, PROTOCOLS), name: " a ", host: "h", parameters: { security: "" } };
    expect(targetBodyOf(draft)).toMatchObject({ name: "a", parameters: {}, credential: null });
    expect(targetBodyOf({ ...draft, username: "u", secret: "s" }).credential).toEqual({
      username: "u",
      secret: "s",
    });
  });
});
