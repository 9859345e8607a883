/** Addresses of the findings and watch terms pages. Pure. */
import type { FindingFilter } from "./queries";
import type { Verdict } from "../../api/types";
import { ALL } from "../../format/addresses";

export const VERDICTS: readonly Verdict[] = ["open", "confirmed", "dismissed"];

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

/** The findings of the filter as a file. */
export function findingsFileAddress(filter: FindingFilter): string {
  return `/api/findings/file?${new URLSearchParams({ ...filter }).toString()}`;
}
