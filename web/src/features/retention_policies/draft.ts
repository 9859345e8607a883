/** What is typed into the form of a retention policy. Pure. */
import type { RetentionPolicy, RetentionPolicyBody, RiskClass } from "../../api/types";

/** Numbers as the fields have them: empty while nothing is typed. */
export interface Draft {
  name: string;
  target_id: string | null;
  target_group: string;
  risk_class: RiskClass | null;
  hot_days: number | "";
  retain_for_days: number | "";
  delete_after_days: number | "";
  object_lock: boolean;
}

export function draftOf(policy: RetentionPolicy | null): Draft {
  return {
    name: policy?.name ?? "",
    target_id: policy?.target_id ?? null,
    target_group: policy?.target_group ?? "",
    risk_class: policy?.risk_class ?? null,
    hot_days: policy?.hot_days ?? "",
    retain_for_days: policy?.retain_for_days ?? 365,
    delete_after_days: policy?.delete_after_days ?? "",
    object_lock: policy?.object_lock ?? false,
  };
}

/** As the gateway takes it; an empty field is no condition, no limit. */
export function bodyOf(draft: Draft): RetentionPolicyBody {
  return {
    name: draft.name,
    target_id: draft.target_id,
    target_group: draft.target_group.trim() === "" ? null : draft.target_group.trim(),
    risk_class: draft.risk_class,
    hot_days: draft.hot_days === "" ? null : draft.hot_days,
    retain_for_days: draft.retain_for_days === "" ? 0 : draft.retain_for_days,
    delete_after_days: draft.delete_after_days === "" ? null : draft.delete_after_days,
    object_lock: draft.object_lock,
  };
}
