/** The audit trail's tags in words. A tag the gateway gets and this list lacks fails the type check. */
import type { AuditTag } from "../../api/types";

export const TAG_WORDS: Record<AuditTag, string> = {
  "api:sign_in:succeeded": "Signed in",
  "api:sign_in:failed": "Sign-in refused",
  "api:sign_in:ended": "Signed out",
  "api:user:created": "User created",
  "api:user:changed": "User changed",
  "api:target:created": "Target created",
  "api:target:changed": "Target changed",
  "api:target:removed": "Target removed",
  "api:credential:set": "Credential set",
  "api:credential:removed": "Credential removed",
  "api:ticket:issued": "Ticket issued",
  "tunnel:session:opened": "Session opened",
  "tunnel:session:closed": "Session closed",
  "tunnel:session:refused": "Session refused",
  "api:recording:viewed": "Recording viewed",
  "api:recording:downloaded": "Recording downloaded",
  "cli:recording:imported": "Recording imported",
  "api:recordings:searched": "Recordings searched",
  "api:watch_term:created": "Watch term created",
  "api:watch_term:changed": "Watch term changed",
  "api:watch_term:backlog_asked": "Watch term run over all recordings",
  "api:findings:listed": "Findings looked at",
  "api:finding:reviewed": "Finding reviewed",
  "worker:recording:sealed": "Recording sealed",
  "worker:recording:archived": "Recording archived",
  "worker:hot_copy:expired": "Hot copy expired",
  "api:restore:ordered": "Restore asked for",
  "worker:recording:restored": "Recording restored",
  "api:recording:reread": "Recording read again",
  "cli:recording:reread": "Recording read again by command",
  "api:stage:retried": "Stage retried",
  "tunnel:recorder:lost": "Recorder lost",
  "tunnel:recorder:resumed": "Recorder resumed",
  "api:verify:ordered": "Verification asked for",
  "worker:recording:verified": "Recording verified",
  "cli:key:created": "Key made",
  "cli:key:rotated": "Key rotated",
};

export const TAG_CHOICES = Object.entries(TAG_WORDS).map(([value, label]) => ({ value, label }));

/** Rows of a newer gateway may hold tags that are not in the list. */
export function tagWords(tag: string): string {
  return TAG_WORDS[tag as AuditTag] ?? tag;
}
