"""Removing hot copies whose time is over; the archive's copies are looked at first.

Called by the timer job `hot_copies.expire`.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ReelgateError
from gateway.core.jobs import StageState
from gateway.core.order import OrderKind
from gateway.core.recording.layout import MANIFEST
from gateway.core.recording.states import RecordingState, Tier
from gateway.db.columns import utc_now
from gateway.db.models import ArchiveObject, Recording
from gateway.db.repositories import orders, recordings, stages
from gateway.storage.moves import is_present
from gateway.telemetry import get_logger
from workers.tier.files import files_of
from workers.work import WorkerContext

# Recordings a run looks at; the timer comes back for the rest.
_BATCH: Final = 100
_WORKER: Final = Actor("worker")
_EXPIRED: Final = ".expired-"
_log = get_logger()


def expire_hot_copies(context: WorkerContext) -> int:
    """Remove what may go; returns how many recordings' hot copies went. Trouble with one does not stop the others."""
    with context.database.read() as session:
        candidates = recordings.hot_past(session, utc_now(), _BATCH)
    return sum(_expire(context, recording) for recording in candidates)


def remove_expired(context: WorkerContext) -> None:
    """Remove what a run that was killed had set aside."""
    for leftover in context.settings.data_dir.glob(f"recordings/*/*/*/{_EXPIRED}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _expire(context: WorkerContext, recording: Recording) -> bool:
    folder = context.files.folder(recording)
    aside = folder.with_name(_EXPIRED + folder.name)
    try:
        with context.database.read() as session:
            missing = _unsafe(context, session, recording)
        if missing is not None:
            _log.error("hot_copy.kept", recording_id=recording.id, reason=missing)
            return False
        with context.database.write() as session:
            at_rest = _is_at_rest(session, recording.id)  # locks its stages, which come before the recording everywhere
            row = recordings.get(session, recording.id, lock=True)
            if not at_rest or not _is_over(row):
                return False
            _set_aside(folder, aside)
            row.tier = Tier.ARCHIVE
            session.add(row)
            record(session, AuditTag.HOT_COPY_EXPIRED, _WORKER, subject_id=row.id, digest=row.digest)
    except (ReelgateError, OSError) as error:
        _log.warning("hot_copy.kept", recording_id=recording.id, reason=str(error))
        return False
    # Whoever is reading keeps the open file; whoever comes now reads the archive.
    shutil.rmtree(aside, ignore_errors=True)
    _log.info("hot_copy.expired", recording_id=recording.id)
    return True


def _set_aside(folder: Path, aside: Path) -> None:
    """Under the row's lock, so that nobody who restores it at this moment finds what is about to go.

    Where the transaction fails now, or the process is killed, it is read from the archive, and tried again.
    """
    shutil.rmtree(aside, ignore_errors=True)
    if folder.exists():
        folder.rename(aside)


def _is_over(row: Recording) -> bool:
    """Whether it still is to go: it may have been asked for again since the list was made."""
    is_past = row.hot_until_at is not None and row.hot_until_at <= utc_now()
    return row.state is RecordingState.ARCHIVED and row.tier is Tier.HOT and is_past


def _unsafe(context: WorkerContext, session: Session, recording: Recording) -> str | None:
    """INVARIANT: why the hot copy is still needed, or None when every file has its verified copy in the archive."""
    if orders.unfinished(session, OrderKind.RESTORE, recording.id) is not None:
        return "it is being restored"
    archived = {row.name: row for row in recordings.archive_objects(session, recording.id)}
    for file in files_of(session, recording.id):
        if file.name not in archived or not file.is_in(archived[file.name]):
            return f"{file.name} has no verified copy in the archive"
    if MANIFEST not in archived:
        return "the manifest has no verified copy in the archive"
    return _absent(context, archived)


def _absent(context: WorkerContext, archived: Mapping[str, ArchiveObject]) -> str | None:
    for name, row in archived.items():
        if not is_present(context.files.archive, row.key, row.version_id, row.size_bytes):
            return f"the archive does not have {name} any more, or not at its recorded size"
    return None


def _is_at_rest(session: Session, recording_id: str) -> bool:
    rows = stages.of_recording(session, recording_id, lock=True)
    return all(row.state in {StageState.DONE, StageState.FAILED} for row in rows.values())
