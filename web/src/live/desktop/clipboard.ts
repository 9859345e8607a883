/**
 * Text between the clipboards of this computer and the target. Kept in memory only, for as long as the session.
 *
 * Guacamole's own string reader and writer break characters beyond the basic plane; the browser's coders do not.
 */
import Guacamole from "guacamole-common-js";
import type { ClipboardRules } from "../../api/types";
import { lossesOf } from "./delivery";

const MIMETYPE = "text/plain";

export class ClipboardExchange {
  private lastText: string | null = null;

  constructor(
    private readonly client: Guacamole.Client,
    private readonly rules: ClipboardRules,
    onRemoteText: (text: string) => void,
    private readonly onLosses: (losses: string[]) => void,
  ) {
    client.onclipboard = (stream, mimetype) => {
      if (!mimetype.startsWith("text/")) return;
      const reader = new Guacamole.ArrayBufferReader(stream);
      const decoder = new TextDecoder();
      let text = "";
      reader.ondata = (part) => {
        text += decoder.decode(part, { stream: true });
      };
      reader.onend = () => {
        text += decoder.decode();
        this.lastText = text;
        onRemoteText(text);
        void writeLocal(text);
      };
    };
  }

  /** Puts text on the target's clipboard. */
  send(text: string): void {
    if (text === this.lastText) return;
    this.lastText = text;
    this.onLosses(lossesOf(text, this.rules.encoding));
    const writer = new Guacamole.ArrayBufferWriter(this.client.createClipboardStream(MIMETYPE));
    writer.sendData(new TextEncoder().encode(text));
    writer.sendEnd();
  }

  /** Sends what this computer's clipboard holds, where the browser has already been allowed to read it. */
  async sendLocal(): Promise<void> {
    if (!this.rules.may_paste || !(await mayReadLocal())) return;
    const text = await readLocal();
    if (text !== null && text !== "") this.send(text);
  }
}

/** This computer's clipboard, or null when the browser or the person does not allow reading it. */
export async function readLocal(): Promise<string | null> {
  return (await navigator.clipboard?.readText().catch(() => null)) ?? null;
}

/** Writing needs focus and a secure context; without them the clipboard panel still shows the text. */
export async function writeLocal(text: string): Promise<boolean> {
  if (navigator.clipboard === undefined) return false;
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

/** Firefox and Safari do not know the permission's name: there only the panel's button reads. */
async function mayReadLocal(): Promise<boolean> {
  const query = { name: "clipboard-read" as PermissionName };
  const status = await navigator.permissions?.query(query).catch(() => null);
  return status?.state === "granted" && document.hasFocus();
}
