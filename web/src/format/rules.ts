/** What a field takes, in words: each rule says what is wrong, or null. The server decides again. Pure. */

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

export const filled: Rule = (value) => (value.trim() === "" ? "Required." : null);

export const atMost =
  (count: number): Rule =>
  (value) =>
    value.trim().length > count ? `At most ${count} characters.` : null;

export const username: Rule = all(filled, atMost(64), (value) =>
  USERNAME.test(value.trim()) ? null : "Letters, digits and . _ @ - only, beginning with a letter or digit.",
);

export const host: Rule = all(filled, atMost(253), (value) =>
  HOST.test(value.trim())
    ? null
    : "A host name or an IP address: letters, digits, dots and dashes, no spaces.",
);

/** Empty where none is to be set. */
export const password: Rule = (value) =>
  value !== "" && value.length < MIN_PASSWORD ? `At least ${MIN_PASSWORD} characters.` : null;

export const newPassword: Rule = all(filled, password);

export const between =
  (least: number, most: number): Rule<number | ""> =>
  (value) =>
    value === "" || !Number.isFinite(value) || value < least || value > most
      ? `A number from ${least} to ${most.toLocaleString("en")}.`
      : null;

interface Entry {
  type?: unknown;
  msg?: unknown;
  ctx?: unknown;
}

const TYPES: Record<string, (limit: (name: string) => string) => string> = {
  missing: () => "Required.",
  string_pattern_mismatch: () => "Has characters that are not allowed here.",
  string_too_short: (limit) =>
    limit("min_length") === "1" ? "Required." : `At least ${limit("min_length")} characters.`,
  string_too_long: (limit) => `At most ${limit("max_length")} characters.`,
  too_long: (limit) => `At most ${limit("max_length")}.`,
  too_short: (limit) => `At least ${limit("min_length")}.`,
  greater_than: (limit) => `More than ${limit("gt")}.`,
  greater_than_equal: (limit) => `At least ${limit("ge")}.`,
  less_than: (limit) => `Less than ${limit("lt")}.`,
  less_than_equal: (limit) => `At most ${limit("le")}.`,
  int_parsing: () => "A whole number.",
  int_type: () => "A whole number.",
  float_parsing: () => "A number.",
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
  const text = String(msg ?? "Not valid").replace(/^(Value|Assertion) error, /, "");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
