"""The tier stage: every file of a sealed recording gets a verified copy in the archive.

Called by `workers.pipeline`. In: the recording's files and their recorded digests. Out: archive objects with rows, the
recording's state and the time until which its hot copy stays, an audit event. Each row is committed as soon as its copy
is verified, so a run that is killed uploads nothing twice.
"""

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.recording.layout import MANIFEST
from gateway.core.recording.states import RecordingState, Tier, advance
from gateway.db.columns import utc_now
from gateway.db.models import ArchiveObject, Recording
from gateway.db.repositories import recordings
from gateway.db.repositories.recordings import RecordedFile
from gateway.retention import hot_until
from gateway.storage.local import read_range, sha256_of
from gateway.storage.moves import VerifiedCopy, copy_verified
from gateway.storage.stores import archive_key
from workers.seal.stage import DAMAGED_MANIFEST
from workers.work import Publish, StageWork

WORKER = Actor("worker")


def run(work: StageWork) -> Publish:
    """Copy and verify what the archive does not have yet; publishing marks the recording archived."""
    files = files_to_archive(work)
    total = sum(file.size_bytes for file in files) or 1
    copied = 0
    for file in files:
        work.progress(copied / total)
        if not _is_archived(work, file):
            _commit(work, copy_verified(work.context.files.archive, work.folder / file.name, _key(work, file), file))
        copied += file.size_bytes

    def to_publish(session: Session) -> None:
        _mark_archived(session, work, files)

    return to_publish


def files_to_archive(work: StageWork) -> list[RecordedFile]:
    """Segments and renditions as their rows have them, and the sealed manifest."""
    with work.context.database.read() as session:
        files = recordings.files(session, work.recording.id)
    for name in (DAMAGED_MANIFEST, MANIFEST):
        path = work.context.files.hot_path(work.recording, name)
        if path is not None:
            digest, size = sha256_of(read_range(path))
            files.append(RecordedFile(name, size, digest))
    return files


def _key(work: StageWork, file: RecordedFile) -> str:
    return archive_key(work.context.settings, work.recording.folder, file.name)


def _is_archived(work: StageWork, file: RecordedFile) -> bool:
    """Whether a verified copy of exactly these bytes is on record where it would go now."""
    with work.context.database.read() as session:
        row = recordings.archive_object(session, work.recording.id, file.name)
    return row is not None and (row.sha256, row.size_bytes, row.key) == (file.sha256, file.size_bytes, _key(work, file))


def _commit(work: StageWork, copy: VerifiedCopy) -> None:
    with work.context.database.write() as session:
        recordings.put_archive_object(
            session,
            ArchiveObject(
                recording_id=work.recording.id,
                name=copy.file.name,
                key=copy.stored.key,
                version_id=copy.stored.version_id,
                size_bytes=copy.file.size_bytes,
                sha256=copy.file.sha256,
                verified_at=copy.verified_at,
            ),
        )


def _mark_archived(session: Session, work: StageWork, files: list[RecordedFile]) -> None:
    row: Recording = recordings.get(session, work.recording.id, lock=True)
    now = utc_now()
    row.tier = Tier.HOT
    # Where renditions were made anew after the hot copy had gone, they alone are no hot copy: they may go at once.
    is_whole = all(work.context.files.hot_path(work.recording, file.name) for file in files)
    row.hot_until_at = hot_until(session, row, now, work.context.settings.hot_days) if is_whole else now
    if row.state is not RecordingState.ARCHIVED:
        row.state = advance(row.state, RecordingState.ARCHIVED)
        row.archived_at = now
        record(
            session,
            AuditTag.RECORDING_ARCHIVED,
            WORKER,
            subject_id=row.id,
            digest=row.digest,
            object_count=len(files),
            size_bytes=sum(file.size_bytes for file in files),
        )
    session.add(row)
