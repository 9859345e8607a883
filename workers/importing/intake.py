"""Import a file as a recording: copy it, write a manifest, create rows, and start its stages.

The files are complete before the row is, and a rejected or interrupted import leaves neither.
"""

import hashlib
import math
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from gateway.audit import Actor, AuditTag, record
from gateway.core.desktop.guac import WholeInstructions
from gateway.core.desktop.guac.errors import GuacProtocolError
from gateway.core.errors import ConflictError
from gateway.core.policy.retention import RiskClass
from gateway.core.printable import printable
from gateway.core.recording.entries import Ended, Header, Writer
from gateway.core.recording.layout import recording_folder
from gateway.core.recording.manifest import VERSION
from gateway.core.recording.states import RecordingSource
from gateway.core.recording.testimony import Closing, Opening
from gateway.core.work import WorkState
from gateway.db.columns import new_id, utc_now
from gateway.db.models import Recording
from gateway.db.repositories import recordings, stages
from gateway.retention import set_dates
from gateway.storage.local import read_range
from gateway.storage.original import Attest, OriginalLimits, OriginalWriter
from gateway.work import stages as pipeline
from workers.importing.survey import Survey
from workers.running.work import WorkerContext


@dataclass(frozen=True)
class About:
    """What the importer says about a file; retention policies go by `group` and `risk_class`."""

    target: str
    operator: str
    started_at: datetime | None = None
    group: str = ""
    risk_class: RiskClass = RiskClass.STANDARD


def reject_duplicate(context: WorkerContext, sha256: str) -> None:
    """Raise ConflictError naming the recording that has the same bytes, if there is one."""
    with context.database.read() as session:
        found = recordings.with_digest(session, sha256)
    if found is not None:
        raise ConflictError(f"it is already recording {found.id}; give --again to import it once more")


def unfinished_import(context: WorkerContext, sha256: str, target: str, operator: str) -> str | None:
    """Return the id of the import of these bytes under these names, if it still waits for a stage."""
    with context.database.read() as session:
        found = recordings.with_digest(session, sha256)
        if found is None or (found.target_name, found.operator_name) != (target, operator):
            return None
        rows = stages.of_recording(session, found.id).values()
    waits = any(row.state in {WorkState.PENDING, WorkState.RUNNING} for row in rows)
    return found.id if waits else None


def take_in(
    context: WorkerContext,
    source: Path,
    facts: Survey,
    about: About,
    *,
    actor: Actor,
    send_job: pipeline.SendJob,
) -> Recording:
    """Copy the file into a new recording and start its stages; return the recording, committed."""
    recording = _row(facts, about)
    folder = context.files.folder(recording)
    data_key, key_row = context.keys.data.new(recording.id)
    signer = context.keys.signer()
    limits = OriginalLimits(context.settings.segment_bytes, math.inf)
    try:
        attest = Attest(data_key, signer.key_id, signer.sign)
        opening, closing = _write(source, folder, recording, facts, limits, attest)
        with context.database.write() as session:
            session.add(recording)
            session.flush()
            session.add(key_row)
            set_dates(session, recording)
            record(
                session,
                AuditTag.RECORDING_IMPORTED,
                actor,
                subject_id=recording.id,
                target_group=about.group,
                risk_class=about.risk_class,
                file_name=printable(source.name),
                digest=facts.sha256,
                is_start_guessed=recording.is_start_guessed,
                damage=facts.damage,
                **opening.details(),
                **closing.details(),
            )
            pipeline.begin(session, recording, send_job)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return recording


def _row(facts: Survey, about: About) -> Recording:
    recording_id = new_id()
    started_at = about.started_at or facts.started_at
    return Recording(
        id=recording_id,
        source=RecordingSource.IMPORTED,
        folder=recording_folder(recording_id, started_at),
        target_name=about.target,
        operator_name=about.operator,
        target_group=about.group,
        risk_class=about.risk_class,
        started_at=started_at,
        is_start_guessed=about.started_at is None and facts.is_start_guessed,
        closed_at=started_at + timedelta(milliseconds=facts.duration_ms),
        imported_at=utc_now(),
        duration_ms=facts.duration_ms,
        size_bytes=facts.size_bytes,
        digest=facts.sha256,
    )


def _write(
    source: Path, folder: Path, recording: Recording, facts: Survey, limits: OriginalLimits, attest: Attest
) -> tuple[Opening, Closing]:
    """Copy the file as segments cut between instructions; a torn end stays at the end.

    Returns the recording's opening and closing for the audit trail.
    """
    header = Header(
        VERSION,
        recording.id,
        None,
        recording.target_name,
        recording.operator_name,
        recording.started_at,
        recording.kind,
    )
    writer = OriginalWriter(folder, header, limits, attest, Writer.IMPORT)
    whole, unsynced_bytes = hashlib.sha256(), 0
    try:
        for piece in _pieces(source):
            writer.write(piece)
            whole.update(piece)
            unsynced_bytes += len(piece)
            if unsynced_bytes >= limits.segment_bytes:  # closes full segments, one after the other
                writer.sync()
                unsynced_bytes = 0
        writer.finish(Ended(recording.closed_at or recording.started_at, "imported", facts.duration_ms))
    finally:
        writer.abandon()
    if whole.hexdigest() != facts.sha256:
        raise ConflictError("the file changed while it was read; import it when nothing writes to it")
    opening = Opening.of_header(header, writer.header_sha256)
    return opening, writer.closing


def _pieces(source: Path) -> Iterator[bytes]:
    """Yield the file's bytes, cut between instructions as long as they are valid protocol, then as they are."""
    pieces, cut = read_range(source), WholeInstructions()
    with suppress(GuacProtocolError):
        for piece in pieces:
            if whole := cut.feed(piece):
                yield whole
    if cut.unread:
        yield cut.unread
    yield from pieces
