/** Recordings as people paste them: ids or addresses of their pages, by line, blank or comma. Pure. */

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

export interface Pasted {
  ids: string[];
  /** What names no recording. */
  unknown: string[];
}

export function recordingIdsOf(text: string): Pasted {
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  const found = words.map((word) => ({ word, id: ID.exec(word)?.[0].toLowerCase() }));
  return {
    ids: [...new Set(found.flatMap(({ id }) => (id === undefined ? [] : [id])))],
    unknown: found.flatMap(({ word, id }) => (id === undefined ? [word] : [])),
  };
}
