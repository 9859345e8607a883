/** Findings of one line of one recording as one: a screen that repaints shows the same line many times. Pure. */
import type { Finding } from "../../api/types";

export interface FindingGroup {
  /** The newest, which stands for all. */
  finding: Finding;
  /** All of them by time. */
  occurrences: readonly Finding[];
}

/** Groups in the order of their newest finding. Findings with another verdict or comment stay apart. */
export function grouped(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { watch_term_id, recording_id, source, match, verdict, comment } = finding;
    const line = finding.text.trim().replace(/\s+/g, " ");
    const key = JSON.stringify([watch_term_id, recording_id, source, match, verdict, comment, line]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].flatMap((same) => {
    const [finding] = same;
    const occurrences = [...same].sort((one, other) => one.offset_ms - other.offset_ms);
    return finding === undefined ? [] : [{ finding, occurrences }];
  });
}

/** Their findings by comment: a verdict for all must not overwrite what was written of one. */
export function byComment(groups: readonly FindingGroup[]): { finding_ids: string[]; comment: string }[] {
  const found = new Map<string, string[]>();
  for (const { finding, occurrences } of groups) {
    const ids = found.get(finding.comment) ?? [];
    ids.push(...occurrences.map(({ id }) => id));
    found.set(finding.comment, ids);
  }
  return [...found].map(([comment, finding_ids]) => ({ comment, finding_ids }));
}
