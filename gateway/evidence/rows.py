"""What the database says about a recording, to be compared with its bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlmodel import Session

from gateway.core.recording.chain import Checked, Verify
from gateway.core.recording.entries import Entry, GapNoted, Header, Sealed, Sealing, SegmentClosed, SegmentOpened
from gateway.core.recording.layout import DAMAGED_MANIFEST, MANIFEST, SPANS, TEXT
from gateway.core.recording.manifest import line_hash
from gateway.core.recording.states import GapCause
from gateway.db.models import ArchiveObject, Gap, Recording, Rendition, Segment
from gateway.db.repositories import recordings
from gateway.evidence.faults import Fault, of_file, of_line, of_row
from gateway.evidence.keys import verifier
from gateway.evidence.segments import SegmentCheck
from gateway.evidence.testimony import Testimony, read_testimony


@dataclass(frozen=True)
class Rows:
    """All rows about one recording, and what the audit trail says about it (`said`)."""

    recording: Recording
    segments: Sequence[Segment]
    gaps: Sequence[Gap]
    renditions: Sequence[Rendition]
    archived: Sequence[ArchiveObject]
    said: Testimony
    stray_spans: int
    verify: Verify

    @classmethod
    def load(cls, session: Session, recording_id: str) -> "Rows":
        """Load the rows. Raises NotFoundError."""
        return cls(
            recordings.get(session, recording_id),
            recordings.segments(session, recording_id),
            recordings.gaps(session, recording_id),
            recordings.renditions(session, recording_id),
            recordings.archive_objects(session, recording_id),
            read_testimony(session, recording_id),
            recordings.stray_span_count(session, recording_id, (SPANS, TEXT)),
            verifier(session),
        )

    @property
    def total_bytes(self) -> int:
        """Approximate number of bytes to read."""
        rows: list[Segment | Rendition] = [*self.segments, *self.renditions]
        return sum(row.stored_bytes for row in rows)


def check_seal(rows: Rows, checked: Checked, data: bytes, salt: bytes) -> list[Fault]:
    """Check that a sound manifest (`data`) is this recording's, sealed, and the one that was sealed."""
    last = max(checked.entries, default=0)
    header, sealed = checked.entries.get(1), _sealed(checked.entries)
    if not isinstance(header, Header) or header.recording_id != rows.recording.id:
        return [of_line(MANIFEST, 1, "it is the manifest of another recording")]
    if sealed is None:
        return [of_line(MANIFEST, last + 1, f"the seal is missing: lines after line {last} were cut off")]
    if header.salt_sha256 != sha256(salt).hexdigest():
        return [of_line(MANIFEST, 1, "its digests are salted with another key than the recording's")]
    if checked.signed_through != last:
        return [of_line(MANIFEST, last, f"lines after line {checked.signed_through} are not signed")]
    return [*_trail_faults(rows, checked, data), *_header_faults(rows.recording, header)]


def check_testimony(said: Testimony) -> list[Fault]:
    """Check the audit trail's own statements for contradictions."""
    faults = [
        of_row("audit_events", f"event {event_id} about it was not written by this site") for event_id in said.forged
    ]
    if said.opening is None:
        faults.append(of_row("audit_events", "the trail does not say who opened or imported it"))
    if not said.sealed:
        faults.append(of_row("audit_events", "the trail does not say that it was sealed"))
    elif len(said.sealed) > 1:
        faults.append(of_row("audit_events", f"it was sealed {len(said.sealed)} times: only the first counts"))
    return faults


def _trail_faults(rows: Rows, checked: Checked, data: bytes) -> list[Fault]:
    """Check that a manifest is the one that was opened, closed and sealed, each by the first event about it."""
    said, manifest_sha256 = rows.said, sha256(data).hexdigest()
    if said.sealed and said.sealed[0] != manifest_sha256:
        return [
            of_line(
                MANIFEST,
                1,
                "it is signed, but differs from the manifest that was sealed (audit trail): an older one?",
            )
        ]
    faults: list[Fault] = []
    if rows.recording.facts.get("seal", {}).get("manifest_sha256", manifest_sha256) != manifest_sha256:
        faults.append(of_row("recordings", "the row names another manifest than the one that was sealed"))
    gaps = {entry for entry in checked.entries.values() if isinstance(entry, GapNoted)}
    if gaps != {GapNoted(row.start_ms, row.end_ms, row.cause, row.detail) for row in rows.gaps}:
        faults.append(of_row("gaps", "the gaps in the rows differ from those in the manifest"))
    lines = data.split(b"\n")[:-1]
    is_made_anew = isinstance(checked.entries.get(2), Sealing)  # the first one was lost, which is a gap
    if said.opening is not None and line_hash(lines[0]) != said.opening.header_sha256 and not is_made_anew:
        faults.append(of_line(MANIFEST, 1, "it is not the header that the recording was opened with (audit trail)"))
    if said.closing is not None and not any(gap.cause is GapCause.SEGMENT_DAMAGED for gap in gaps):
        at = said.closing.line_count
        if len(lines) < at or line_hash(lines[at - 1]) != said.closing.last_line_sha256:
            text = "it is not the line that the recording was closed with (audit trail)"
            faults.append(of_line(MANIFEST, min(at, len(lines)), text))
    return faults


def _header_faults(recording: Recording, header: Header) -> list[Fault]:
    """Check that the row matches the recording's signed header."""
    pairs = {
        "session_id": (recording.session_id, header.session_id),
        "target_name": (recording.target_name, header.target),
        "operator_name": (recording.operator_name, header.operator),
        "started_at": (recording.started_at, header.started_at),
        "kind": (recording.kind, header.kind),
    }
    names = [name for name, (said, signed) in pairs.items() if said != signed]
    return [of_row("recordings", f"{name} in the row differs from the signed header") for name in names]


def check_segments(
    rows: Rows, checks: Sequence[SegmentCheck], entries: Mapping[int, Entry], plain: str, salted: str
) -> list[Fault]:
    """Check that the sound segments are complete and match the rows."""
    faults: list[Fault] = []
    closed = {entry.number: entry for entry in entries.values() if isinstance(entry, SegmentClosed)}
    for row, check in zip(rows.segments, checks, strict=True):
        faults += _row_faults(row, check, closed.get(row.number))
    numbers = {row.number for row in rows.segments}
    for entry in entries.values():
        if isinstance(entry, SegmentOpened) and entry.number not in numbers and entry.number in closed:
            faults.append(of_row("segments", f"there is no row of segment {entry.number}, which the manifest has"))
    size_bytes = sum(check.size_bytes for check in checks)
    if (rows.recording.size_bytes, rows.recording.digest) != (size_bytes, plain):
        faults.append(of_row("recordings", "size and digest in the row differ from those of the original"))
    sealed = _sealed(entries)
    if not faults and sealed is not None and sealed.digest not in {plain, salted}:
        faults.append(of_row("segments", "the segments together are not what was sealed"))
    if rows.stray_spans:
        faults.append(
            of_row("spans", f"{rows.stray_spans} rows of text do not come from the recording's {SPANS} or {TEXT}")
        )
    return faults


def _row_faults(row: Segment, check: SegmentCheck, closed: SegmentClosed | None) -> list[Fault]:
    if (row.size_bytes, row.sha256) != (check.size_bytes, check.sha256):
        return [
            of_row("segments", f"size and digest in the row of segment {row.number} differ from those of its content")
        ]
    if closed is not None and row.stored_sha256 != closed.stored_sha256:
        return [of_row("segments", f"the row of segment {row.number} names another file than the manifest")]
    return []


def _sealed(entries: Mapping[int, Entry]) -> Sealed | None:
    return next((entry for entry in entries.values() if isinstance(entry, Sealed)), None)


def extra_files(folder: Path, rows: Rows) -> list[Fault]:
    """Return unknown files in a recording's hot folder. Names that begin with a dot are being written."""
    known = {MANIFEST, DAMAGED_MANIFEST, *(row.name for row in rows.segments), *(row.name for row in rows.renditions)}
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    text = "it does not belong to the recording"
    return [of_file(name, text) for name in found if name not in known and not Path(name).name.startswith(".")]
