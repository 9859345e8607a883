"""Repair one file from its good copy, and never otherwise.

The good copy is read to its end and must have the recorded digest, or nothing is done. The damaged file is kept in
`quarantine`. Nothing is ever removed. The audit trail records the start of a repair before bytes change; a run that was
killed in between is detected at the next run (`settle`), so every repair has its event.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError, DamagedError, NotFoundError, ReelgateError
from gateway.core.reconcile import DiscrepancyKind
from gateway.db.columns import utc_now
from gateway.db.models import ArchiveObject, AuditEvent
from gateway.db.repositories import audit_subjects, discrepancies, recordings
from gateway.db.repositories.recordings import RecordedFile
from gateway.db.repositories.stored import Claims, claims as read_claims, is_at_rest
from gateway.storage.archive_checks import ensure_usable
from gateway.storage.local import publish, read_range, sync
from gateway.storage.packing import ZSTD, unpack
from workers.reconcile.compare import Mismatch, is_whole
from workers.reconcile.quarantine import kept_once, new_path
from workers.running.disk_space import require_free_space
from workers.running.work import StageWork, WorkerContext
from workers.tier.files import StoredFile, files_of
from workers.tier.stage import archive_file

REPAIRABLE: Final = frozenset(
    {
        DiscrepancyKind.HOT_MISSING,
        DiscrepancyKind.HOT_DAMAGED,
        DiscrepancyKind.ARCHIVE_MISSING,
        DiscrepancyKind.ARCHIVE_DAMAGED,
    }
)
_WORKER: Final = Actor("worker")


class NoGoodCopyError(ReelgateError):
    """There is no good copy to repair from; the text says why."""


def repair(context: WorkerContext, claims: Claims, mismatch: Mismatch) -> None:
    """Repair the file.

    Raises NoGoodCopyError, ConflictError if the recording changes, UnavailableError, OSError of the disk.
    """
    file = claims.files.get(mismatch.name)
    if file is None:
        raise NoGoodCopyError("the file has no row with its digest")
    if mismatch.kind in {DiscrepancyKind.HOT_MISSING, DiscrepancyKind.HOT_DAMAGED}:
        _fetch_back(context, claims, mismatch, file)
    else:
        _upload_again(context, claims, mismatch, file)


def _fetch_back(context: WorkerContext, claims: Claims, mismatch: Mismatch, file: RecordedFile) -> None:
    copy = claims.archived.get(file.name)
    if copy is None:
        raise NoGoodCopyError("it has no copy in the archive")
    require_free_space(context, "repairing", file.size_bytes)
    target = context.files.folder(claims.recording) / file.name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _temporary(target) as fetched:
        _write(fetched, _hot_bytes(context, claims, copy))
        if not is_whole(read_range(fetched), file):
            raise NoGoodCopyError("the archive's copy is not what was recorded either")
        with _still(context, claims, mismatch) as session:
            kept = _keep_aside(context, claims, target, file.name)
            details = _begin(session, claims, mismatch, "archive", kept)
        with _still(context, claims, mismatch) as session:
            publish(fetched, target)
            _note(session, claims, mismatch, details)


def _hot_bytes(context: WorkerContext, claims: Claims, copy: ArchiveObject) -> Iterator[bytes]:
    """Yield the archive's bytes of a file, as stored on disk."""
    pieces = _object(context, copy)
    if copy.encoding == ZSTD:
        return unpack(pieces, context.files.key_of(claims.recording), copy.name)
    return pieces


def _upload_again(context: WorkerContext, claims: Claims, mismatch: Mismatch, file: RecordedFile) -> None:
    path = context.files.hot_path(claims.recording, file.name)
    if path is None:
        raise NoGoodCopyError("it is not on hot storage")
    if not is_whole(read_range(path), file):
        raise NoGoodCopyError("the copy on hot storage is not what was recorded either")
    ensure_usable(context.settings, context.database, context.files.archive)
    copy = claims.archived.get(file.name)
    kept = _keep_object(context, claims, copy) if copy and mismatch.kind is DiscrepancyKind.ARCHIVE_DAMAGED else None
    with _still(context, claims, mismatch) as session:  # the upload takes too long for a write transaction
        details = _begin(session, claims, mismatch, "hot", kept)
    with context.database.read() as session:
        known = {one.name: one for one in files_of(session, claims.recording.id)}
    work = StageWork(context, claims.recording, path.parent, lambda _share: None)
    archive_file(work, known.get(file.name) or StoredFile(file, file))
    with context.database.write() as session:
        _note(session, claims, mismatch, details)


@contextlib.contextmanager
def _still(context: WorkerContext, claims: Claims, mismatch: Mismatch) -> Iterator[Session]:
    """INVARIANT: a file changes only while the rows are as compared, and no stage or task is running."""
    with context.database.write() as session:
        at_rest = is_at_rest(session, claims.recording.id, lock=True)
        recordings.get(session, claims.recording.id, lock=True)
        if not at_rest or not read_claims(session, claims.recording.id).same(claims):
            raise ConflictError(f"the recording is being processed; {mismatch.name} is checked next time")
        yield session


def _begin(session: Session, claims: Claims, mismatch: Mismatch, source: str, kept: Path | None) -> dict[str, Any]:
    """INVARIANT: committed before a byte changes."""
    details = {
        "kind": mismatch.kind,
        "name": mismatch.name,
        "detail": mismatch.detail,
        "good_copy": source,
        "digest": claims.files[mismatch.name].sha256,
        "kept_aside": kept.name if kept else None,
    }
    record(session, AuditTag.DISCREPANCY_REPAIR_BEGUN, _WORKER, subject_id=claims.recording.id, **details)
    return details


def _note(session: Session, claims: Claims, mismatch: Mismatch, details: dict[str, Any]) -> None:
    discrepancies.set_repaired(session, claims.recording.id, mismatch.kind, mismatch.name, utc_now())
    record(session, AuditTag.DISCREPANCY_REPAIRED, _WORKER, subject_id=claims.recording.id, **details)


def settle(session: Session, recording_id: str, kind: DiscrepancyKind, name: str) -> None:
    """Record the end of a repair that was begun but has no end in the trail, now that the file matches."""
    begun = _unended(session, recording_id, kind, name)
    if begun is not None:
        discrepancies.set_repaired(session, recording_id, kind, name, utc_now())
        tag, details = AuditTag.DISCREPANCY_REPAIRED, {**begun.details, "begun_at": begun.at.isoformat()}
        record(session, tag, _WORKER, subject_id=recording_id, **details, cut_off=True)


def note_failure(session: Session, recording_id: str, mismatch: Mismatch, reason: str) -> None:
    """Record a failed repair, if the trail says that it was begun."""
    begun = _unended(session, recording_id, mismatch.kind, mismatch.name)
    if begun is not None:
        details = {"kind": mismatch.kind, "name": mismatch.name, "reason": reason}
        record(session, AuditTag.DISCREPANCY_REPAIR_FAILED, _WORKER, subject_id=recording_id, **details)


def _unended(session: Session, recording_id: str, kind: DiscrepancyKind, name: str) -> AuditEvent | None:
    """Return the event of the newest repair, if that has neither ended nor failed."""
    tags = (AuditTag.DISCREPANCY_REPAIR_BEGUN, AuditTag.DISCREPANCY_REPAIRED, AuditTag.DISCREPANCY_REPAIR_FAILED)
    found = reversed(audit_subjects.events(session, [recording_id], tags))
    newest = next((event for event in found if (event.details["kind"], event.details["name"]) == (kind, name)), None)
    return newest if newest is not None and newest.tag == AuditTag.DISCREPANCY_REPAIR_BEGUN else None


def _object(context: WorkerContext, copy: ArchiveObject) -> Iterator[bytes]:
    try:
        return context.files.archive.open_range(copy.key, version_id=copy.version_id)
    except NotFoundError as error:
        raise NoGoodCopyError("its archived copy is missing too") from error


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    with path.open("wb") as file:
        try:
            file.writelines(pieces)
        except DamagedError as error:
            raise NoGoodCopyError(f"the archive's copy cannot be used either: {error}") from error


def _keep_aside(context: WorkerContext, claims: Claims, damaged: Path, name: str) -> Path | None:
    """Link the damaged file under a second name, which keeps its bytes when the good ones take the first."""
    if not damaged.exists():
        return None
    kept = new_path(context, claims.recording.id, name)
    os.link(damaged, kept)
    kept = kept_once(kept)
    sync(kept.parent)
    return kept


def _keep_object(context: WorkerContext, claims: Claims, copy: ArchiveObject) -> Path:
    require_free_space(context, "keeping the damaged object", copy.size_bytes)
    kept = new_path(context, claims.recording.id, f"archive/{copy.name}")
    try:
        _write(kept, _object(context, copy))
    except BaseException:
        kept.unlink(missing_ok=True)
        raise
    sync(kept)
    return kept_once(kept)


@contextlib.contextmanager
def _temporary(target: Path) -> Iterator[Path]:
    """Return always the same name, so that leftovers of a killed run are overwritten."""
    path = target.with_name(f".{target.name}.fetched")
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
