/** What a protocol's parameters take, in words. The gateway decides again. Pure. */
import type { Parameter, Protocol } from "../../api/types";
import { TEXTS } from "./texts";

const MOST_CHARACTERS = 1024;
const MOST = 1_000_000;
const UNPRINTABLE = /\p{C}/u;

export function parameterFault({ kind, choices }: Parameter, value: string): string | null {
  if (value === "") return null;
  if (kind === "number") return isNumber(value) ? null : TEXTS.wholeNumber(MOST);
  if (kind === "choice" && !choices.includes(value)) return TEXTS.oneOf(choices.filter(Boolean));
  if (value.length > MOST_CHARACTERS) return TEXTS.tooLong(MOST_CHARACTERS);
  return UNPRINTABLE.test(value) ? TEXTS.unprintable : null;
}

function isNumber(value: string): boolean {
  return /^\d{1,7}$/.test(value) && Number(value) <= MOST;
}

/** The first thing that is wrong with any of them. */
export function parametersFault(
  protocol: Protocol | undefined,
  values: Record<string, string>,
): string | null {
  for (const parameter of protocol?.parameters ?? []) {
    const fault = parameterFault(parameter, values[parameter.name] ?? "");
    if (fault !== null) return fault;
  }
  return null;
}
