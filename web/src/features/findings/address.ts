/** Addresses of the findings and watch terms pages. Pure. */
import type { FindingFilter } from "./queries";
import type { Verdict } from "../../api/types";

export const VERDICTS: readonly Verdict[] = ["open", "confirmed", "dismissed"];
const ALL = "all";

/** Open findings are the work to do, so they show when the address names no verdict. */
export function findingFilterOf(address: URLSearchParams): FindingFilter {
  const asked = address.get("verdict");
  const verdict = asked === ALL ? undefined : (VERDICTS.find((known) => known === asked) ?? "open");
  return {
    ...(verdict === undefined ? {} : { verdict }),
    ...given(address, "watch_term_id"),
    ...given(address, "recording_id"),
  };
}

function given(address: URLSearchParams, name: "watch_term_id" | "recording_id") {
  const value = address.get(name);
  return value === null || value === "" ? {} : { [name]: value };
}

export function findingAddress(filter: FindingFilter): string {
  const search = new URLSearchParams({ verdict: filter.verdict ?? ALL });
  if (filter.watch_term_id !== undefined) search.set("watch_term_id", filter.watch_term_id);
  if (filter.recording_id !== undefined) search.set("recording_id", filter.recording_id);
  return `/findings?${search.toString()}`;
}

/** The watch terms page with the form open for a query. */
export function newTermAddress(query: string): string {
  return `/watch_terms?${new URLSearchParams({ new: query }).toString()}`;
}
