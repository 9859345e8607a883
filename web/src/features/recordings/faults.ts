/** What verifying found, in words. */
import type { Fault, Verification } from "../../api/types";
import type { Tone } from "../../format/words";

export const OUTCOME_WORDS: Record<Verification["outcome"], { title: string; tone: Tone; means: string }> = {
  whole: { title: "Whole", tone: "ok", means: "Every byte is what was recorded, signed and sealed." },
  damaged: {
    title: "Damaged",
    tone: "bad",
    means: "Something is not what was recorded; the list says what.",
  },
  unknown: { title: "Not checked", tone: "quiet", means: "It could not be checked; the reason is below." },
};

/** "bytes 64 to 2613 of the file", "line 7", or nothing where the file as such is meant. */
export function placeText(fault: Fault): string {
  if (fault.start === null) return "";
  const number = (value: number | null) => (value ?? 0).toLocaleString("en");
  if (fault.measure === "line") return `line ${number(fault.start)}`;
  const of = fault.measure === "content" ? "its content" : "the file";
  return `bytes ${number(fault.start)} to ${number(fault.end)} of ${of}`;
}

/** Why it could not be checked. */
export function reasonText(verification: Verification): string {
  const reason = verification.facts.reason;
  return typeof reason === "string" ? reason : "";
}

/** How much was checked: "3 segments, 3 derived files, signed to line 24". */
export function checkedText(verification: Verification): string {
  const { segments, renditions, archived, signed_through_line: line } = verification.facts;
  const parts = [
    counted(segments, "segment"),
    counted(renditions, "derived file"),
    counted(archived, "archived copy", "archived copies"),
    typeof line === "number" && line > 0 ? `signed to line ${line} of the manifest` : "",
    verification.facts.archive_checked === false ? "archive not checked" : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function counted(count: unknown, one: string, many = `${one}s`): string {
  return typeof count === "number" ? `${count} ${count === 1 ? one : many}` : "";
}
