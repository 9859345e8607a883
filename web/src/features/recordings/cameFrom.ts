/** The list a person came from, with its search and filters, for the way back from a recording. Kept by tab. */
import { useEffect } from "react";
import { useLocation } from "react-router";
import { TEXTS } from "./texts";

const KEY = "reelgate-list";
const LISTS: Record<string, string> = {
  "/search": TEXTS.search,
  "/findings": TEXTS.findings,
  "/recordings": TEXTS.recordings,
  "/sessions": TEXTS.sessions,
  "/holds": TEXTS.holds,
  "/exports": TEXTS.exports,
};

/** Remembers each list that is visited; used once, where every page passes. */
export function useRememberedList(): void {
  const { pathname, search } = useLocation();
  useEffect(() => {
    if (Object.hasOwn(LISTS, pathname)) window.sessionStorage.setItem(KEY, pathname + search);
  }, [pathname, search]);
}

/** Where to go back to from a recording that was opened for `query`: the last list, else the search, else all recordings. */
export function wayBack(query: string): { to: string; title: string } {
  const last = window.sessionStorage.getItem(KEY) ?? "";
  const title = LISTS[last.split("?")[0] ?? ""];
  if (title !== undefined) return { to: last, title };
  if (query !== "") return { to: `/search?${new URLSearchParams({ q: query })}`, title: TEXTS.search };
  return { to: "/recordings", title: TEXTS.recordings };
}
