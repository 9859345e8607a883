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
    ...given(address, "operator"),
    ...given(address, "target"),
    ...given(address, "after"),
    ...given(address, "before"),
  };
}

function given(address: URLSearchParams, name: Exclude<keyof FindingFilter, "verdict">) {
  const value = address.get(name);
  return value === null || value === "" ? {} : { [name]: value };
}

export function findingAddress(filter: FindingFilter): string {
  return `/findings?${new URLSearchParams({ ...filter, verdict: filter.verdict ?? ALL }).toString()}`;
}

/** The findings of the filter as a file. */
export function findingsFileAddress(filter: FindingFilter): string {
  return `/api/findings/file?${new URLSearchParams({ ...filter }).toString()}`;
}

/** The watch terms page with the form open for a query. */
export function newTermAddress(query: string): string {
  return `/watch_terms?${new URLSearchParams({ new: query }).toString()}`;
}
