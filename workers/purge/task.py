"""Carry out one purge, as a task: erase all bytes and the data key; write a tombstone and a signed certificate.

Each step may be interrupted anywhere and is repeated:

1. write the inventory (`workers.purge.inventory`); nothing is changed;
2. begin, in one transaction that decides again: delete the text and set the recording's state to purged;
3. erase the archive's objects in all versions, the exports' files, the hot folder;
4. check everywhere; only when nothing is left,
5. finish, in the transaction that marks the task done: destroy the data key, write tombstone, certificate, audit event.
"""

import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlmodel import Session

from gateway.core.errors import ConflictError, ReelgateError, UnavailableError
from gateway.db.columns import utc_now
from gateway.db.models import Purge, Recording, RecordingKey
from gateway.db.repositories import purges, tasks
from gateway.exports.removal import remove_exports
from gateway.keyring import Keyring
from gateway.retention import certificate, purging
from gateway.storage.stores import LockedError
from gateway.telemetry import get_logger
from workers.purge import inventory
from workers.purge.inventory import File
from workers.running.task_work import TaskWork
from workers.running.work import Publish

# A lock only the archive knows about: checked once a day, not at every timer run.
_ASK_ARCHIVE_AGAIN: Final = timedelta(days=1)
_log = get_logger()


def run(work: TaskWork) -> Publish:
    """Erase the recording of `parameters["purge_id"]`; publishing marks it as gone."""
    purge_id, recording = str(work.task.parameters["purge_id"]), work.recording
    if recording is None:
        raise ConflictError("a purge task needs a recording")
    keyring = work.context.keys
    purge = _begin(work, recording, purge_id)
    try:
        _erase(work, recording, purge.inventory["files"])
    except (ReelgateError, OSError) as error:
        _note(work, purge_id, str(error))
        raise
    _log.info("recording.erased", recording_id=recording.id, purge_id=purge_id)
    return lambda session: _publish(session, work, purge, keyring)


def _begin(work: TaskWork, recording: Recording, purge_id: str) -> Purge:
    """INVARIANT: nothing has been touched before this has been committed."""
    with work.context.database.read() as session:
        has_begun = purges.get(session, purge_id).began_at is not None
    files = [] if has_begun else inventory.take(work.context, recording)
    work.progress(0.1)
    _refuse_kept(work, purge_id, files)
    try:
        with work.context.database.write() as session:
            return purging.begin(session, purge_id, files)
    except purging.ObstacleError as error:
        _note(work, purge_id, purging.reasons(error.obstacles))
        raise


def _refuse_kept(work: TaskWork, purge_id: str, files: Iterable[File]) -> None:
    """Ask the archive about its locks: rows may not know of an older version's, or of an extended lock."""
    archive = work.context.files.archive
    for file in files:
        kept_by = archive.kept_by(file["key"], file["version_id"]) if file["place"] == "archive" else ""
        if kept_by:
            reason = f"{file['name']}: {kept_by}"
            _note(work, purge_id, reason, not_before_at=utc_now() + _ASK_ARCHIVE_AGAIN)
            raise ConflictError(f"it cannot be purged: {reason}")


def _erase(work: TaskWork, recording: Recording, files: Iterable[File]) -> None:
    _erase_archive(work, recording, files)
    work.progress(0.6)
    _erase_exports(work, recording)
    work.progress(0.8)
    _remove(work, recording)
    work.progress(0.9)
    left = next(inventory.versions(work.context, recording), None)
    if left is not None:
        raise UnavailableError(f"the archive still has {left.key}")


def _erase_archive(work: TaskWork, recording: Recording, files: Iterable[File]) -> None:
    """Erase the inventory and anything added later: the archive itself says what there is."""
    archive = work.context.files.archive
    found = {(file["key"], file["version_id"]) for file in files if file["place"] == "archive"}
    found |= {(stored.key, stored.version_id) for stored in inventory.versions(work.context, recording)}
    for key, version_id in sorted(found, key=str):
        try:
            archive.delete(key, version_id)
        except LockedError as error:
            # Not final: the purge has begun, and continues when the lock ends.
            raise UnavailableError(str(error)) from error


def _remove(work: TaskWork, recording: Recording) -> None:
    """Remove the hot folder, leftovers of killed stages, and quarantined files."""
    for folder in inventory.folders(work.context, recording).values():
        _remove_folder(folder)


def _remove_folder(folder: Path) -> None:
    """INVARIANT: when this returns the folder is gone; anything in the way raises OSError."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        shutil.rmtree(folder)  # again, this time raising what is in the way


def _erase_exports(work: TaskWork, recording: Recording) -> None:
    """Remove exports, and their links with them."""
    with work.context.database.write() as session:
        remove_exports(work.context.settings, session, recording.id)


def _publish(session: Session, work: TaskWork, purge: Purge, keyring: Keyring) -> None:
    keyring.data.destroy(session, purge.recording_id)
    recording = session.get_one(Recording, purge.recording_id)
    key = session.get(RecordingKey, purge.recording_id)
    signed = certificate.issue(recording, purge, key, keyring.signer())
    purging.finish(session, purge, signed)
    task = tasks.get(session, work.task.id)
    task.result = {"purge_id": purge.id, "signature": signed["signature"]}
    session.add(task)


def _note(work: TaskWork, purge_id: str, reason: str, *, not_before_at: datetime | None = None) -> None:
    """Set what the page shows beside a purge that cannot proceed."""
    with work.context.database.write() as session:
        purge = purges.get(session, purge_id, lock=True)
        purge.waiting_for = reason[:500]
        if not_before_at is not None:
            purge.due_at = max(purge.due_at, not_before_at)
        session.add(purge)
