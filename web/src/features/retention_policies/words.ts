/** Retention's words as people read them. Pure. */
import type { RetentionPolicy } from "../../api/types";
import { RISK_CLASS_WORDS } from "../../api/texts";
import { TEXTS } from "./texts";

type Conditions = Pick<RetentionPolicy, "target_id" | "target_name" | "target_group" | "risk_class">;

/** What a policy applies to, most specific first; nothing for the default one. */
export function conditionsOf(policy: Conditions): string[] {
  return [
    ...(policy.target_id === null ? [] : [TEXTS.target(policy.target_name ?? policy.target_id)]),
    ...(policy.target_group === null ? [] : [TEXTS.group(policy.target_group)]),
    ...(policy.risk_class === null ? [] : [TEXTS.riskClass(RISK_CLASS_WORDS[policy.risk_class].title)]),
  ];
}

/** The most specific first, as they are tried: target before group before risk class; the default last. */
export function byPrecision(policies: readonly RetentionPolicy[]): RetentionPolicy[] {
  const rank = (policy: RetentionPolicy) =>
    (policy.target_id === null ? 0 : 4) +
    (policy.target_group === null ? 0 : 2) +
    (policy.risk_class === null ? 0 : 1);
  return [...policies].sort((one, other) => rank(other) - rank(one) || one.name.localeCompare(other.name));
}
