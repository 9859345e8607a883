/** What a field takes, in words: each rule says what is wrong, or null. The server decides again. Pure. */
import { TEXTS } from "./texts";

export type Rule<Value = string> = (value: Value) => string | null;

export const MIN_PASSWORD = 12;

const USERNAME = /^[a-z0-9][a-z0-9._@-]*$/i;
const HOST = /^[a-z0-9._:[\]-]+$/i;

/** The first thing that is wrong. */
export function all<Value>(...rules: Rule<Value>[]): Rule<Value> {
  return (value) => {
    for (const rule of rules) {
      const fault = rule(value);
      if (fault !== null) return fault;
    }
    return null;
  };
}

export const filled: Rule = (value) => (value.trim() === "" ? TEXTS.required : null);

export const atMost =
  (count: number): Rule =>
  (value) =>
    value.trim().length > count ? TEXTS.atMostCharacters(count) : null;

export const username: Rule = all(filled, atMost(64), (value) =>
  USERNAME.test(value.trim()) ? null : TEXTS.usernameRule,
);

export const host: Rule = all(filled, atMost(253), (value) =>
  HOST.test(value.trim()) ? null : TEXTS.hostRule,
);

/** Empty where none is to be set. */
export const password: Rule = (value) =>
  value !== "" && value.length < MIN_PASSWORD ? TEXTS.atLeastCharacters(MIN_PASSWORD) : null;

export const newPassword: Rule = all(filled, password);

export const between =
  (least: number, most: number): Rule<number | ""> =>
  (value) =>
    value === "" || !Number.isFinite(value) || value < least || value > most
      ? TEXTS.numberFromTo(least, most.toLocaleString("en"))
      : null;

interface Entry {
  type?: unknown;
  msg?: unknown;
  ctx?: unknown;
}

const TYPES: Record<string, (limit: (name: string) => string) => string> = {
  missing: () => TEXTS.required,
  string_pattern_mismatch: () => TEXTS.hasCharactersThatAre,
  string_too_short: (limit) =>
    limit("min_length") === "1" ? TEXTS.required : TEXTS.atLeastCharacters(limit("min_length")),
  string_too_long: (limit) => TEXTS.atMostCharacters(limit("max_length")),
  too_long: (limit) => TEXTS.atMost(limit("max_length")),
  too_short: (limit) => TEXTS.atLeast(limit("min_length")),
  greater_than: (limit) => TEXTS.moreThan(limit("gt")),
  greater_than_equal: (limit) => TEXTS.atLeast(limit("ge")),
  less_than: (limit) => TEXTS.lessThan(limit("lt")),
  less_than_equal: (limit) => TEXTS.atMost(limit("le")),
  int_parsing: () => TEXTS.wholeNumber,
  int_type: () => TEXTS.wholeNumber,
  float_parsing: () => TEXTS.number,
};

/** What the server found wrong with a field, in words: never the pattern it was checked with. */
export function refusalText({ type, msg, ctx }: Entry): string {
  let isKnown = true;
  const limit = (name: string) => {
    const value = (ctx as Record<string, unknown> | undefined)?.[name];
    isKnown &&= value !== undefined;
    return String(value);
  };
  const words = typeof type === "string" ? TYPES[type]?.(limit) : undefined;
  if (words !== undefined && isKnown) return words;
  const text = String(msg ?? TEXTS.notValid).replace(/^(Value|Assertion) error, /, "");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
