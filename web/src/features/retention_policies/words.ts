/** Retention's words as people read them. Pure. */
import type { RetentionPolicy, RiskClass } from "../../api/types";

export const RISK_CLASS_WORDS: Record<RiskClass, string> = {
  standard: "Standard",
  vendor: "Vendor",
  domain_admin: "Domain administrator",
  production: "Production",
};

export const RISK_CLASS_CHOICES = Object.entries(RISK_CLASS_WORDS).map(([value, label]) => ({
  value,
  label,
}));

type Conditions = Pick<RetentionPolicy, "target_id" | "target_name" | "target_group" | "risk_class">;

/** What a policy applies to, most specific first; nothing for the default one. */
export function conditionsOf(policy: Conditions): string[] {
  return [
    ...(policy.target_id === null ? [] : [`Target ${policy.target_name ?? policy.target_id}`]),
    ...(policy.target_group === null ? [] : [`Group ${policy.target_group}`]),
    ...(policy.risk_class === null ? [] : [`Risk class ${RISK_CLASS_WORDS[policy.risk_class]}`]),
  ];
}

/** "1 day", "30 days", "1.5 days". */
export function daysText(days: number): string {
  return `${days.toLocaleString("en")} ${days === 1 ? "day" : "days"}`;
}

/** The most specific first, as they are tried: target before group before risk class; the default last. */
export function byPrecision(policies: readonly RetentionPolicy[]): RetentionPolicy[] {
  const rank = (policy: RetentionPolicy) =>
    (policy.target_id === null ? 0 : 4) +
    (policy.target_group === null ? 0 : 2) +
    (policy.risk_class === null ? 0 : 1);
  return [...policies].sort((one, other) => rank(other) - rank(one) || one.name.localeCompare(other.name));
}
