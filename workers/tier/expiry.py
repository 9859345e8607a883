"""Remove expired hot copies, once the archive has returned every byte of them."""

import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import NotFoundError, ReelgateError, UnavailableError
from gateway.core.reconcile import IN_ARCHIVE, DiscrepancyKind
from gateway.core.recording.layout import MANIFEST
from gateway.core.recording.states import RecordingState, Tier
from gateway.core.work import TaskKind, WorkState
from gateway.db.columns import utc_now
from gateway.db.models import ArchiveObject, Recording
from gateway.db.repositories import discrepancies, recordings, stages, tasks
from gateway.db.repositories.recordings import RecordedFile
from gateway.storage.archive_checks import ensure_usable
from gateway.storage.moves import is_present, is_whole
from gateway.telemetry import get_logger
from workers.running.work import WorkerContext
from workers.tier.files import files_of

# Recordings per run; the next run does the rest.
_BATCH: Final = 100
# Consecutive failures after which the archive counts as down, instead of waiting for it a hundred times.
_MOST_UNANSWERED: Final = 3
# Copies read back longer ago are read again, because the archive may have damaged them since.
_TRUSTED_FOR: Final = timedelta(hours=1)
_WORKER: Final = Actor("worker")
_EXPIRED: Final = ".expired-"
_log = get_logger()


class _NeededError(ReelgateError):
    """The hot copy has to stay; the text says why."""


def expire_hot_copies(context: WorkerContext) -> int:
    """Remove expired hot copies; return their number. An error in one does not stop the others."""
    with context.database.read() as session:
        candidates = recordings.hot_past(session, utc_now(), _BATCH)
    if not candidates:
        return 0
    count = unanswered = 0
    try:
        ensure_usable(context.settings, context.database, context.files.archive)
        for recording in candidates:
            try:
                count += _expire(context, recording)
                unanswered = 0
            except UnavailableError:
                unanswered += 1
                if unanswered == _MOST_UNANSWERED:
                    raise
    except UnavailableError as error:
        _log.warning("hot_copies.not_removed", reason=str(error))
    return count


def finish_interrupted_expiry(context: WorkerContext) -> None:
    """Finish what a killed run began: delete what it had moved to the trash folder, or restore it if its row says hot."""
    for aside in context.settings.data_dir.glob(f"recordings/*/*/*/{_EXPIRED}*"):
        folder = aside.with_name(aside.name.removeprefix(_EXPIRED))  # the folder is named after its recording's id
        with context.database.write() as session:
            try:
                is_hot = recordings.get(session, folder.name, lock=True).tier is Tier.HOT
            except NotFoundError:
                continue  # no row: left alone, like every unknown folder
            if is_hot and not folder.exists():
                aside.rename(folder)
                _log.warning("hot_copy.restored", recording_id=folder.name)
                continue
        shutil.rmtree(aside, ignore_errors=True)


def trash_folder(folder: Path) -> Path:
    """Return the name of a hot folder while it is being removed."""
    return folder.with_name(_EXPIRED + folder.name)


def _expire(context: WorkerContext, recording: Recording) -> bool:
    """Return whether it was removed. Raises UnavailableError from the archive."""
    folder = context.files.folder(recording)
    aside = trash_folder(folder)
    try:
        _refuse_needed(context, recording)
        with context.database.write() as session:
            at_rest = _is_at_rest(session, recording.id)  # locks its stages before the recording, as everywhere
            row = recordings.get(session, recording.id, lock=True)
            if not at_rest or not _is_over(row):
                return False
            _move_to_trash(folder, aside)
            row.tier = Tier.ARCHIVE
            session.add(row)
            record(session, AuditTag.HOT_COPY_EXPIRED, _WORKER, subject_id=row.id, digest=row.digest)
    except _NeededError as error:
        _log.error("hot_copy.not_removed", recording_id=recording.id, reason=str(error))
        return False
    except UnavailableError as error:
        _log.warning("hot_copy.not_removed", recording_id=recording.id, reason=str(error))
        raise
    except (ReelgateError, OSError) as error:
        _log.warning("hot_copy.not_removed", recording_id=recording.id, reason=str(error))
        return False
    # Current readers keep the open file; new ones read the archive.
    shutil.rmtree(aside, ignore_errors=True)
    _log.info("hot_copy.expired", recording_id=recording.id)
    return True


def _move_to_trash(folder: Path, aside: Path) -> None:
    """Move it to the trash folder under the row's lock, so that a concurrent restore does not find files about to be removed.

    If the transaction then fails, or the process is killed, `finish_interrupted_expiry` restores it.
    """
    shutil.rmtree(aside, ignore_errors=True)
    if folder.exists():
        folder.rename(aside)


def _is_over(row: Recording) -> bool:
    """Whether it still has expired: it may have been restored since the list was made."""
    is_past = row.hot_until_at is not None and row.hot_until_at <= utc_now()
    return row.state is RecordingState.ARCHIVED and row.tier is Tier.HOT and is_past


def _refuse_needed(context: WorkerContext, recording: Recording) -> None:
    """INVARIANT: raises _NeededError unless the archive has every file, and has returned each byte of it recently."""
    with context.database.read() as session:
        archived = _archived(session, recording)
    for row in archived.values():
        if not is_present(context.files.archive, row.key, row.version_id, row.size_bytes):
            raise _NeededError(f"the archive does not have {row.name} any more, or not at its recorded size")
        if utc_now() - row.verified_at > _TRUSTED_FOR:
            _read_back(context, row)


def _archived(session: Session, recording: Recording) -> Mapping[str, ArchiveObject]:
    if tasks.unfinished(session, TaskKind.RESTORE, recording.id) is not None:
        raise _NeededError("it is being restored")
    known = sorted(name for kind, name in discrepancies.open_of(session, recording.id) if kind in IN_ARCHIVE)
    if known:
        raise _NeededError(f"the archive's copy of {known[0]} was found missing or damaged")
    archived = {row.name: row for row in recordings.archive_objects(session, recording.id)}
    for file in files_of(session, recording.id):
        if file.name not in archived or not file.is_in(archived[file.name]):
            raise _NeededError(f"{file.name} has no verified copy in the archive")
    if MANIFEST not in archived:
        raise _NeededError("the manifest has no verified copy in the archive")
    return archived


def _read_back(context: WorkerContext, row: ArchiveObject) -> None:
    """Note what is whole, so that an interrupted run reads nothing twice; anything else is for reconciling."""
    file = RecordedFile(row.name, row.size_bytes, row.sha256)
    is_sound = is_whole(context.files.archive, row.key, row.version_id, file)
    now = utc_now()
    with context.database.write() as session:
        found = session.get(ArchiveObject, row.id)
        if is_sound and found is not None:
            found.verified_at = now
            session.add(found)
        elif not is_sound:
            detail = "the object did not come back as recorded when its hot copy was to go"
            discrepancies.note(session, row.recording_id, DiscrepancyKind.ARCHIVE_DAMAGED, row.name, detail, now)
    if not is_sound:
        raise _NeededError(f"the archive's copy of {row.name} is not what was archived")


def _is_at_rest(session: Session, recording_id: str) -> bool:
    rows = stages.of_recording(session, recording_id, lock=True)
    return all(row.state in {WorkState.DONE, WorkState.FAILED} for row in rows.values())
