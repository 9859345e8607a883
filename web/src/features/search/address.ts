/** Addresses of moments in recordings. Pure. */

export function momentAddress(recordingId: string, offsetMs: number, query: string): string {
  const search = new URLSearchParams({ t: String(Math.max(0, Math.round(offsetMs))) });
  if (query !== "") search.set("q", query);
  return `/recordings/${encodeURIComponent(recordingId)}?${search.toString()}`;
}

/** The `t` of an address as ms; 0 for anything that is no such number. */
export function momentOf(text: string | null): number {
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : 0;
}
