/** A target as it is being edited, and the bodies that are sent. Pure. */
import type { Protocol, Target, TargetBody, TargetPatch } from "../../api/types";

export interface Draft {
  name: string;
  protocol: string;
  host: string;
  port: number;
  record_keys: boolean;
  parameters: Record<string, string>;
}

export function draftOf(target: Target | null, protocols: Protocol[]): Draft {
  const first = protocols[0];
  return {
    name: target?.name ?? "",
    protocol: target?.protocol ?? first?.name ?? "",
    host: target?.host ?? "",
    port: target?.port ?? first?.default_port ?? 1,
    record_keys: target?.record_keys ?? true,
    parameters: { ...(target?.parameters ?? {}) },
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
  return { ...draft, name: draft.name.trim(), host: draft.host.trim(), parameters: filled(draft.parameters) };
}

export function targetPatchOf(draft: Draft): TargetPatch {
  const { protocol: _, ...rest } = targetBodyOf(draft);
  return rest;
}
