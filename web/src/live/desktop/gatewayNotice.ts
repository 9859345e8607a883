/**
 * What the gateway tells an operator during a session: `log,TEXT,reelgate,KIND,ID,AUTHOR,TIME`
 * (`gateway.core.desktop.notices`). Text is percent-encoded where old players could not read it. Pure.
 */

export interface GatewayNotice {
  kind: "lock" | "unlock" | "message";
  id: string;
  author: string;
  text: string;
}

export function gatewayNotice(opcode: string, args: readonly string[]): GatewayNotice | null {
  const [text = "", sender, kind, id = "", author = ""] = args;
  if (opcode !== "log" || sender !== "reelgate") return null;
  if (kind !== "lock" && kind !== "unlock" && kind !== "message") return null;
  return { kind, id, author: unquoted(author), text: unquoted(text) };
}

function unquoted(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
