/** The API's words under short names. Everything here is derived from the generated `schema.d.ts`. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type Role = Schemas["Role"];
export type Action = Schemas["Action"];
export type AuditTag = Schemas["AuditTag"];
export type CloseReason = Schemas["CloseReason"];
export type RecordingState = Schemas["RecordingState"];
export type User = Schemas["UserOut"];
export type Protocol = Schemas["ProtocolOut"];
export type Parameter = Schemas["ParameterOut"];
export type Target = Schemas["TargetOut"];
export type TargetBody = Schemas["TargetNew"];
export type TargetPatch = Schemas["TargetChange"];
export type CredentialBody = Schemas["CredentialIn"];
export type UserBody = Schemas["UserNew"];
export type UserPatch = Schemas["UserChange"];
export type Ticket = Schemas["TicketOut"];
export type Session = Schemas["SessionOut"];
export type Stage = Schemas["StageOut"];
export type RecordingSummary = Schemas["RecordingSummary"];
export type Recording = Schemas["RecordingOut"];
export type Gap = Schemas["GapOut"];
export type Timeline = Schemas["TimelineOut"];
export type Span = Schemas["SpanOut"];
export type Box = Schemas["Box"];
export type Hit = Schemas["HitOut"];
export type Transfer = Schemas["TransferOut"];
export type HitPage = Schemas["HitPage"];
export type Coverage = Schemas["CoverageOut"];
export type RecordingHits = Schemas["RecordingHitsOut"];
export type WatchTerm = Schemas["WatchTermOut"];
export type WatchTermPatch = Schemas["WatchTermChange"];
export type Finding = Schemas["FindingOut"];
export type FindingReview = Schemas["FindingReview"];
export type Verdict = Schemas["Verdict"];
export type Export = Schemas["ExportOut"];
export type ExportBody = Schemas["ExportNew"];
export type ExportKind = Schemas["ExportKind"];
export type ExportLink = Schemas["LinkOut"];
export type ExportLinkMade = Schemas["LinkMade"];
export type LinkProblem = Schemas["LinkProblem"];
export type LinkedExport = Schemas["LinkedExport"];
export type AuditEvent = Schemas["AuditEventOut"];
export type ArchiveObject = Schemas["ArchiveObjectOut"];
export type Restore = Schemas["RestoreOut"];
export type ArchiveReport = Schemas["ArchiveOut"];
export type PromiseCheck = Schemas["PromiseOut"];
export type SystemReport = Schemas["SystemOut"];

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
