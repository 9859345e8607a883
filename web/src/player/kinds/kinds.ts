/** The kinds that can be played here. */
import { desktop } from "./desktop";
import type { PlayerKind } from "./kind";

const KINDS: ReadonlyMap<string, PlayerKind> = new Map([["desktop", desktop]]);

interface Kinded {
  id: string;
  kind?: string;
}

/** How recordings of that kind are played; null for a kind that these pages do not know. */
export function playerKindOf(recording: Kinded): PlayerKind | null {
  return KINDS.get(kindName(recording)) ?? null;
}

export function kindName({ kind }: Kinded): string {
  return kind ?? "desktop";
}
