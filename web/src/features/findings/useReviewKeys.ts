/** Reviewing by keyboard. A key presses the button of the finding in focus, so that keys and mouse do the same. */
import { type RefObject, useEffect } from "react";
import { TEXTS } from "./texts";

export const REVIEW_KEYS: readonly (readonly [string, string])[] = [
  ["j k", TEXTS.nextPreviousKey],
  ["c", "confirm"],
  ["d", "dismiss"],
  ["o", TEXTS.openAgainKey],
  ["m", TEXTS.commentKey],
  ["Enter", TEXTS.watchKey],
];

const CARD = "[data-finding]";
const PRESSES: Readonly<Record<string, string>> = {
  c: "[data-does=confirmed]",
  d: "[data-does=dismissed]",
  o: "[data-does=open]",
  Enter: "[data-does=watch]",
};

export function useReviewKeys(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || list.current === null) return;
      if (act(event, list.current)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [list]);
}

function act(event: KeyboardEvent, list: HTMLElement): boolean {
  const target = event.target instanceof HTMLElement ? event.target : list;
  const card = target.closest<HTMLElement>(CARD);
  if (target.closest("input, textarea, select, [role=listbox], [role=dialog]")) {
    return event.key === "Escape" && focus(card);
  }
  if (event.key === "j") return move(list, card, 1);
  if (event.key === "k") return move(list, card, -1);
  if (event.key === "m") return focus(card?.querySelector("textarea"));
  if (event.key === "Enter" && target !== card) return false; // the control's own
  return press(card, PRESSES[event.key]);
}

function move(list: HTMLElement, card: HTMLElement | null, step: 1 | -1): boolean {
  const cards = [...list.querySelectorAll<HTMLElement>(CARD)];
  return focus(card === null ? cards[0] : cards[cards.indexOf(card) + step]);
}

function focus(element: HTMLElement | null | undefined): boolean {
  element?.focus();
  return element instanceof HTMLElement;
}

function press(card: HTMLElement | null, selector: string | undefined): boolean {
  if (card === null || selector === undefined) return false;
  const button = card.querySelector<HTMLElement>(selector);
  button?.click();
  return button !== null;
}
