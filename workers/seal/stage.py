"""The seal stage: close an original and record exactly what it consists of.

Reads the recording's segments and manifest, and what the audit trail says about its start and end. Writes segment and
gap rows, the digest of the whole original, the manifest's last line, the recording's state, and an audit event.

The worker holds a key that an attacker who changed rows and files may not have. It therefore signs nothing that the
trail does not know, and nothing a second time.
"""

import hashlib
from pathlib import Path

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import InvalidInputError, UnavailableError
from gateway.core.recording.chain import Chain
from gateway.core.recording.entries import GapNoted, Writer
from gateway.core.recording.kinds import kind_of
from gateway.core.recording.layout import DAMAGED_MANIFEST, MANIFEST, SEGMENT_FOLDER
from gateway.core.recording.states import RecordingState, advance
from gateway.core.recording.testimony import Opening
from gateway.db.columns import utc_now
from gateway.db.models import Gap, Segment
from gateway.db.repositories import recordings
from gateway.evidence.keys import verifier
from gateway.evidence.testimony import Testimony, read_testimony
from gateway.retention import set_dates
from gateway.storage.local import publish, sync
from gateway.storage.original.attest import digest_salt
from workers.running.work import Publish, StageWork
from workers.seal.gaps import audited_gaps, gaps_missing_from_manifest
from workers.seal.inspection import SealInspection, inspect
from workers.seal.manifest import complete, header_of, read_manifest

WORKER = Actor("worker")


class NotSealableError(InvalidInputError):
    """The audit trail contradicts the row: a retry would not help."""


def _require_files(folder: Path) -> None:
    """Raise UnavailableError if this worker does not see the disk: the writer makes both before the row."""
    if not (folder / MANIFEST).exists() and not (folder / SEGMENT_FOLDER).exists():
        raise UnavailableError("none of the recording's files is on a disk this worker sees")


def run(work: StageWork) -> Publish:
    """Inspect the original; publishing closes it. A recording that is already sealed does not change."""
    if work.recording.state is not RecordingState.OPEN:
        return _nothing
    path = work.folder / MANIFEST
    _require_files(work.folder)
    with work.context.database.read() as session:
        verify = verifier(session)
        audited = audited_gaps(session, work.recording.id)
        said = read_testimony(session, work.recording.id)
        opening = _opening(said)
        key = work.context.keys.data.of(session, work.recording.id)
    read = read_manifest(path, opening, said.closing, verify)
    noted = (*read.gaps, *gaps_missing_from_manifest(read.gaps, audited))
    inspection = inspect(
        kind_of(opening.kind),
        work.folder,
        read.manifest,
        noted,
        key,
        work.progress,
        shortfall=read.shortfall,
        is_closed=said.closing is not None,
    )
    completed = work.scratch / MANIFEST
    signer = work.context.keys.signer()
    header = header_of(work.recording, opening, digest_salt(key))
    data = complete(read, inspection, header, Chain(Writer.SEALING, signer.key_id, signer.sign))
    completed.write_bytes(data)

    for segment in inspection.segments:
        sync(work.folder / segment.name)  # the writer may have been killed before it could

    def to_publish(session: Session) -> None:
        if read.is_kept_apart and path.exists():
            path.replace(path.with_name(DAMAGED_MANIFEST))
        publish(completed, path)
        _seal(session, work.recording.id, inspection, hashlib.sha256(data).hexdigest())

    return to_publish


def _opening(said: Testimony) -> Opening:
    """Return the opening. Raises NotSealableError."""
    if said.forged:
        raise NotSealableError(
            f"event {said.forged[0]} of the audit trail is about this recording and was not written by this site:"
            " rows were altered; nothing is sealed"
        )
    if said.opening is None:
        raise NotSealableError("the audit trail does not know this recording: nothing says who made it; not sealed")
    if said.sealed:
        raise NotSealableError(
            f"it was sealed before, with manifest {said.sealed[0]}, and its row says that it was not: the row was"
            " altered or the database restored; bring the sealed recording back from the archive or a backup"
        )
    return said.opening


def _nothing(_session: Session) -> None:
    """Already sealed: nothing to publish."""


def _seal(session: Session, recording_id: str, inspection: SealInspection, manifest_sha256: str) -> None:
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
                stored_bytes=segment.stored_bytes,
                stored_sha256=segment.stored_sha256,
            )
            for segment in inspection.segments
        ],
        [_gap_row(row.id, gap) for gap in inspection.gaps],
    )
    row.state = advance(row.state, RecordingState.SEALED)
    row.sealed_at = utc_now()
    row.closed_at = row.closed_at or row.sealed_at
    set_dates(session, row)
    row.size_bytes, row.digest = inspection.size_bytes, inspection.sha256
    row.duration_ms = inspection.duration_ms
    row.is_shown = inspection.is_shown
    facts = {"gap_count": len(inspection.gaps), "manifest_sha256": manifest_sha256}
    row.facts = {**row.facts, "seal": facts}
    session.add(row)
    record(
        session,
        AuditTag.RECORDING_SEALED,
        WORKER,
        subject_id=row.id,
        digest=row.digest,
        size_bytes=row.size_bytes,
        segment_count=len(inspection.segments),
        gap_count=len(inspection.gaps),
        manifest_sha256=manifest_sha256,
    )


def _gap_row(recording_id: str, gap: GapNoted) -> Gap:
    return Gap(recording_id=recording_id, start_ms=gap.start_ms, end_ms=gap.end_ms, cause=gap.cause, detail=gap.detail)
