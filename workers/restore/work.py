"""The task `restore`: every archived file returns to hot storage, unchanged, for the requested days.

Each hot file gets its name only after its digest was checked; then the row changes and an audit event is written. Files
that are already there are not fetched again, so a killed run is resumed. Afterwards the hot copy expires like any
other, and nothing is uploaded a second time.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final, NamedTuple

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError, DamagedError, UnavailableError
from gateway.core.recording.states import RecordingState, Tier
from gateway.db.columns import utc_now
from gateway.db.models import ArchiveObject, Recording, Task
from gateway.db.repositories import recordings, tasks
from gateway.db.repositories.recordings import RecordedFile
from gateway.storage.local import publish, read_range, sha256_of
from gateway.storage.moves import CorruptCopyError
from gateway.storage.packing import ZSTD, unpack
from workers.running.disk_space import require_free_space
from workers.running.task_work import TaskWork
from workers.running.work import Publish, WorkerContext
from workers.tier.files import files_of

WORKER: Final = Actor("worker")
DAYS: Final = "days"


def run(work: TaskWork) -> Publish:
    """Fetch and verify files missing from hot storage; publishing sets the row and its end of hot time."""
    recording = _archived(work)
    with work.context.database.read() as session:
        stored = recordings.archive_objects(session, recording.id)
        hot = {file.name: file.kept for file in files_of(session, recording.id)}
    wanted = [(row, hot.get(row.name, RecordedFile(row.name, row.size_bytes, row.sha256))) for row in stored]
    missing = [(row, file) for row, file in wanted if not _is_there(work.context, recording, file)]
    require_free_space(work.context, "restoring", sum(file.size_bytes for _row, file in missing))
    done, total = 0, sum(file.size_bytes for _row, file in missing) or 1
    for row, file in missing:
        _fetch(work, recording, row, file, Shares(done, total))
        done += file.size_bytes

    def to_publish(session: Session) -> None:
        _mark_restored(session, work, [file for _row, file in wanted], fetched_bytes=done)

    return to_publish


class Shares(NamedTuple):
    """Progress of the task: bytes done before this file, of all."""

    done_bytes: int
    total_bytes: int


def _archived(work: TaskWork) -> Recording:
    recording = work.recording
    if recording is None:
        raise ConflictError("a restore task needs a recording")
    if recording.state is not RecordingState.ARCHIVED:
        raise ConflictError(f"recording {recording.id} is {recording.state}, so there is nothing to restore")
    return recording


def _is_there(context: WorkerContext, recording: Recording, file: RecordedFile) -> bool:
    """Whether the hot file is there and intact: an earlier run brought it, or it was never removed."""
    path = context.files.hot_path(recording, file.name)
    if path is None or path.stat().st_size != file.size_bytes:
        return False
    return sha256_of(read_range(path)) == (file.sha256, file.size_bytes)


def _fetch(work: TaskWork, recording: Recording, row: ArchiveObject, file: RecordedFile, shares: Shares) -> None:
    """Fetch into the scratch folder, which leaves no leftovers, and rename the file once it is verified."""
    into = work.scratch / "fetched"
    _write(into, _hot_bytes(work, recording, row, shares))
    if sha256_of(read_range(into)) != (file.sha256, file.size_bytes):
        raise CorruptCopyError(
            f"the archive's copy of {file.name} does not have the recorded digest; it is fetched again"
        )
    target = work.context.files.folder(recording) / file.name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    publish(into, target)


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    try:
        with path.open("wb") as out:
            out.writelines(pieces)
    except DamagedError as error:
        # Either the object or only this response is damaged; a retry tells which.
        raise CorruptCopyError(f"the archive's copy cannot be used: {error}") from error


def _hot_bytes(work: TaskWork, recording: Recording, row: ArchiveObject, shares: Shares) -> Iterator[bytes]:
    pieces = _with_progress(work, work.context.files.archive.open_range(row.key, version_id=row.version_id), shares)
    if row.encoding == ZSTD:
        return unpack(pieces, work.context.files.key_of(recording), row.name)
    return pieces


def _with_progress(work: TaskWork, pieces: Iterator[bytes], shares: Shares) -> Iterator[bytes]:
    """Report progress after each piece; stop if another worker has taken the task."""
    done = shares.done_bytes
    for piece in pieces:
        work.progress(done / shares.total_bytes)
        yield piece
        done += len(piece)


def _mark_restored(session: Session, work: TaskWork, files: list[RecordedFile], *, fetched_bytes: int) -> None:
    """INVARIANT: under the row's lock every hot file is there, so none was removed since it was checked."""
    task: Task = tasks.get(session, work.task.id)
    row = recordings.get(session, task.recording_id or "", lock=True)
    if row.state is not RecordingState.ARCHIVED:
        raise ConflictError(f"recording {row.id} has changed to {row.state}")
    gone = next((file.name for file in files if not _has_size(work.context, row, file)), None)
    if gone is not None:
        raise UnavailableError(f"{gone} disappeared from hot storage in the meantime; it is fetched again")
    until = utc_now() + timedelta(days=float(task.parameters[DAYS]))
    if row.tier is Tier.HOT and row.hot_until_at is not None:
        until = max(until, row.hot_until_at)
    row.tier, row.hot_until_at = Tier.HOT, until
    task.result = {"hot_until_at": until.isoformat(), "fetched_bytes": fetched_bytes}
    session.add_all([row, task])
    record(
        session,
        AuditTag.RECORDING_RESTORED,
        WORKER,
        subject_id=row.id,
        digest=row.digest,
        task_id=task.id,
        requested_by=task.requested_by_name,
        hot_until_at=until.isoformat(),
        size_bytes=sum(file.size_bytes for file in files),
    )


def _has_size(context: WorkerContext, recording: Recording, file: RecordedFile) -> bool:
    path = context.files.hot_path(recording, file.name)
    return path is not None and path.stat().st_size == file.size_bytes
