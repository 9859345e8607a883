/** Which moment stands for a whole recording. Pure. */

interface Posed {
  duration_ms: number | null;
  /** The first picture that is not blank; not known of every recording. */
  poster_ms?: number | null;
}

/** The first moment that shows something; the middle where that is not known. */
export function pictureMsOf({ poster_ms, duration_ms }: Posed): number {
  return poster_ms ?? (duration_ms ?? 0) / 2;
}
