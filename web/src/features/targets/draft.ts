/** A target as it is being edited, and the bodies that are sent. Pure. */
import type { Protocol, Target, TargetBody, TargetPatch } from "../../api/types";

export interface Draft {
  name: string;
  protocol: string;
  host: string;
  /** Empty while it is being typed. */
  port: number | "";
  record_keys: boolean;
  index_text: boolean;
  recording_policy: Target["recording_policy"];
  target_group: string;
  risk_class: Target["risk_class"];
  parameters: Record<string, string>;
  /** Only for a new target; a stored credential has its own form. */
  username: string;
  secret: string;
}

export function draftOf(target: Target | null, protocols: Protocol[]): Draft {
  const first = protocols[0];
  return {
    name: target?.name ?? "",
    protocol: target?.protocol ?? first?.name ?? "",
    host: target?.host ?? "",
    port: target?.port ?? first?.default_port ?? 1,
    record_keys: target?.record_keys ?? true,
    index_text: target?.index_text ?? true,
    recording_policy: target?.recording_policy ?? "strict",
    target_group: target?.target_group ?? "",
    risk_class: target?.risk_class ?? "standard",
    parameters: { ...(target?.parameters ?? {}) },
    username: "",
    secret: "",
  };
}

/** Another protocol: its default port, and only the parameters that it also knows. */
export function withProtocol(draft: Draft, name: string | null, protocols: Protocol[]): Draft {
  const protocol = protocols.find((candidate) => candidate.name === name);
  if (protocol === undefined) return draft;
  const known = new Set(protocol.parameters.map((parameter) => parameter.name));
  const kept = Object.entries(draft.parameters).filter(([key]) => known.has(key));
  return {
    ...draft,
    protocol: protocol.name,
    port: protocol.default_port,
    parameters: Object.fromEntries(kept),
  };
}

/** A parameter left empty is not sent: then guacd's own default holds. */
function filled(parameters: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ""));
}

export function targetBodyOf(draft: Draft): TargetBody {
  const { username, secret } = draft;
  const credential = username === "" && secret === "" ? null : { username, secret };
  return { ...targetPatchOf(draft), protocol: draft.protocol, credential };
}

/** What of a target can change; its protocol cannot. */
export function targetPatchOf(draft: Draft) {
  return {
    name: draft.name.trim(),
    host: draft.host.trim(),
    port: Number(draft.port),
    record_keys: draft.record_keys,
    index_text: draft.index_text,
    recording_policy: draft.recording_policy,
    target_group: draft.target_group.trim(),
    risk_class: draft.risk_class,
    parameters: filled(draft.parameters),
  } satisfies TargetPatch;
}
