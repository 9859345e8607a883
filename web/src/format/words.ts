/** The product's words as people read them: roles, states, close reasons, stages. */

export type Tone = "ok" | "live" | "wait" | "bad" | "quiet";

/** "all is well" as "All is well". */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** "gateway_lost" as "gateway lost": for words the server may know before these pages do. */
export function plainWords(value: string): string {
  return value.replaceAll("_", " ");
}
