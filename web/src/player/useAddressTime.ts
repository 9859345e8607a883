/** Keeps `t` of the page's address at the moment that is shown, so that the address can be sent to others as it stands. */
import { useEffect } from "react";
import type { Playback } from "./controller";

const SETTLED_MS = 300; // browsers limit how often an address may change

/** The address with the moment in it. Pure. */
export function addressAt(href: string, timeMs: number): string {
  const address = new URL(href);
  address.searchParams.set("t", String(Math.round(timeMs)));
  return address.href;
}

/** While playing the address stays: it follows when the picture stands still. */
export function useAddressTime({ playing, ready, timeMs }: Playback): void {
  useEffect(() => {
    const { href } = window.location;
    const isAtStart = timeMs === 0 && !new URL(href).searchParams.has("t");
    if (playing || !ready || isAtStart) return;
    const timer = window.setTimeout(
      // The router's own state stays with the entry; it reads the address again when one comes back to it.
      () => window.history.replaceState(window.history.state, "", addressAt(href, timeMs)),
      SETTLED_MS,
    );
    return () => window.clearTimeout(timer);
  }, [playing, ready, timeMs]);
}
