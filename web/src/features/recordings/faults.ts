/** What verifying found, in words. */
import type { Fault, Verification } from "../../api/types";
import { TEXTS } from "./texts";

/** "bytes 64 to 2613 of the file", "line 7", or nothing where the file as such is meant. */
export function placeText(fault: Fault): string {
  if (fault.start === null) return "";
  const number = (value: number | null) => (value ?? 0).toLocaleString("en");
  if (fault.measure === "line") return TEXTS.line(number(fault.start));
  const of = fault.measure === "content" ? TEXTS.itsContent : TEXTS.theFile;
  return TEXTS.bytesOf(number(fault.start), number(fault.end), of);
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
    counted(segments, TEXTS.segmentCount),
    counted(renditions, TEXTS.renditionCount),
    counted(archived, TEXTS.archivedCount),
    typeof line === "number" && line > 0 ? TEXTS.signedToLine(line) : "",
    verification.facts.archive_checked === false ? TEXTS.archiveNotChecked : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function counted(count: unknown, text: (count: number) => string): string {
  return typeof count === "number" ? text(count) : "";
}
