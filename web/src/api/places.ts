/** Where pieces of text stand. Pure. */
import type { Hit, Place } from "./types";

/** The words that match, or the whole line where they cannot be told apart; none for text that was never shown. */
export function placesOf({ place, places }: Pick<Hit, "place" | "places">): readonly Place[] {
  if (places.length > 0) return places;
  return place === null ? [] : [place];
}

/** As one reads a screen; text that was never shown comes first. */
export function byPlace(a: Place | null, b: Place | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return a.y - b.y || a.x - b.x;
}
