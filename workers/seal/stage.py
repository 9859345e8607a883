"""The seal stage: closes an original for good and says exactly what it consists of.

Called by `workers.pipeline`. In: the recording's segments and manifest. Out: segment and gap rows, the digest of the
whole original, the manifest's last line, the recording's state, an audit event.
"""

from pathlib import Path

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import UnavailableError
from gateway.core.recording.layout import MANIFEST, SEGMENT_FOLDER
from gateway.core.recording.manifest import (
    VERSION,
    Entry,
    GapNoted,
    Header,
    Manifest,
    ManifestError,
    Sealed,
    encode_entry,
    parse_manifest,
)
from gateway.core.recording.states import RecordingState, advance
from gateway.db.columns import utc_now
from gateway.db.models import Gap, Recording, Segment
from gateway.db.repositories import recordings
from gateway.retention import set_dates
from gateway.storage.local import publish, sync
from gateway.telemetry import get_logger
from workers.seal.findings import Findings, examine
from workers.work import Publish, StageWork

WORKER = Actor("worker")
# A manifest that cannot be read is evidence too: it is kept and archived beside the one written anew.
DAMAGED_MANIFEST = "manifest.damaged.jsonl"
_log = get_logger()


def run(work: StageWork) -> Publish:
    """Examine the original; publishing closes it. A recording that is sealed already stays as it is."""
    if work.recording.state is not RecordingState.OPEN:
        return _nothing
    path = work.folder / MANIFEST
    if not path.exists() and not (work.folder / SEGMENT_FOLDER).exists():
        # The writer makes both before the row: this worker does not see the disk they are on.
        raise UnavailableError("none of the recording's files is on a disk this worker sees")
    manifest = _read_manifest(path)
    findings = examine(work.folder, manifest, work.progress)
    completed = work.scratch / MANIFEST
    completed.write_bytes(_completed(path, manifest, findings, work.recording))

    for segment in findings.segments:
        sync(work.folder / segment.name)  # the writer may have been killed before it could

    def to_publish(session: Session) -> None:
        if manifest is None and path.exists():
            path.replace(path.with_name(DAMAGED_MANIFEST))
        publish(completed, path)
        _seal(session, work.recording.id, findings)

    return to_publish


def _nothing(_session: Session) -> None:
    """The state says all that this stage could."""


def _read_manifest(path: Path) -> Manifest | None:
    """None when it is missing or damaged."""
    try:
        return parse_manifest(path.read_bytes())
    except FileNotFoundError:
        return None
    except ManifestError as error:
        _log.warning("manifest.damaged", folder=path.parent.name, reason=str(error))
        return None


def _completed(path: Path, manifest: Manifest | None, findings: Findings, recording: Recording) -> bytes:
    """The manifest's bytes with what sealing adds; sealing once more gives the same."""
    sealed = Sealed(len(findings.segments), findings.size_bytes, findings.sha256)
    if manifest is None:
        return _lines(_header(recording), *findings.gaps, sealed)
    data = path.read_bytes()
    if manifest.sealed is not None:
        return data
    noted = [gap for gap in findings.gaps if gap not in manifest.gaps]
    return data[: len(data) - manifest.torn_bytes] + _lines(*noted, sealed)


def _lines(*entries: Entry) -> bytes:
    return b"".join(encode_entry(entry) for entry in entries)


def _header(recording: Recording) -> Header:
    """Written anew from the row where the manifest was lost."""
    return Header(
        version=VERSION,
        recording_id=recording.id,
        session_id=recording.session_id,
        target=recording.target_name,
        operator=recording.operator_name,
        started_at=recording.started_at,
        kind=recording.kind,
    )


def _seal(session: Session, recording_id: str, findings: Findings) -> None:
    row = recordings.get(session, recording_id, lock=True)
    recordings.replace_originals(
        session,
        row.id,
        [
            Segment(
                recording_id=row.id,
                number=segment.number,
                name=segment.name,
                size_bytes=segment.size_bytes,
                sha256=segment.sha256,
            )
            for segment in findings.segments
        ],
        [_gap_row(row.id, gap) for gap in findings.gaps],
    )
    row.state = advance(row.state, RecordingState.SEALED)
    row.sealed_at = utc_now()
    row.closed_at = row.closed_at or row.sealed_at
    set_dates(session, row)
    row.size_bytes, row.digest = findings.size_bytes, findings.sha256
    row.duration_ms = findings.duration_ms
    row.facts = {**row.facts, "seal": {"shown": findings.is_shown, "gap_count": len(findings.gaps)}}
    session.add(row)
    record(
        session,
        AuditTag.RECORDING_SEALED,
        WORKER,
        subject_id=row.id,
        digest=row.digest,
        size_bytes=row.size_bytes,
        segment_count=len(findings.segments),
        gap_count=len(findings.gaps),
    )


def _gap_row(recording_id: str, gap: GapNoted) -> Gap:
    return Gap(recording_id=recording_id, start_ms=gap.start_ms, end_ms=gap.end_ms, cause=gap.cause, detail=gap.detail)
