/** Which picture of a recording shows what was found. Pure. */
import type { Hit } from "../../api/types";

/** A typed line is on the screen when it has been typed; all else from its first moment on. */
export function pictureMs({
  source,
  offset_ms,
  end_ms,
}: Pick<Hit, "source" | "offset_ms" | "end_ms">): number {
  return source === "keys" ? Math.max(offset_ms, end_ms) : offset_ms;
}
