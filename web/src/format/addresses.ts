/** Addresses of pages that other pages link to. Pure. */

export function momentAddress(recordingId: string, offsetMs: number, query: string): string {
  const search = new URLSearchParams({ t: String(Math.max(0, Math.round(offsetMs))) });
  if (query !== "") search.set("q", query);
  return `/recordings/${encodeURIComponent(recordingId)}?${search.toString()}`;
}

/** The `t` of an address as ms; 0 for anything that is no such number. */
export function momentOf(text: string | null): number {
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : 0;
}

/** The verdict of an address that leaves none out. */
export const ALL = "all";

export function findingAddress(filter: Readonly<Record<string, string>> & { verdict?: string }): string {
  return `/findings?${new URLSearchParams({ ...filter, verdict: filter.verdict ?? ALL }).toString()}`;
}

/** The watch terms page with the form open for a query. */
export function newTermAddress(query: string): string {
  return `/watch_terms?${new URLSearchParams({ new: query }).toString()}`;
}
