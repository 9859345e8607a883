"""The tier stage: every file of a sealed recording gets a verified copy in the archive.

Each row is committed as soon as its copy is verified and locked, so a run that is killed uploads nothing twice. At the
end the recording's state, the time until which its hot copy stays, and an audit event are written.
"""

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.recording.states import RecordingState, Tier, advance
from gateway.db.columns import utc_now
from gateway.db.models import ArchiveObject, Recording
from gateway.db.repositories import holds, recordings
from gateway.retention import hot_until, lock_until
from gateway.storage.archive import archive_key
from gateway.storage.archive_checks import ensure_usable
from gateway.storage.moves import Lock, VerifiedCopy, copy_verified, secure
from gateway.storage.stores import StoredObject
from workers.running.work import Publish, StageWork
from workers.tier.files import StoredFile, files_to_archive
from workers.tier.outgoing import Outgoing, end_outgoing, outgoing

WORKER = Actor("worker")


def run(work: StageWork) -> Publish:
    """Copy and verify what the archive does not have yet; publishing marks the recording archived."""
    ensure_usable(work.context.settings, work.context.database, work.context.files.archive)
    files = files_to_archive(work.context, work.recording)
    total = sum(file.content.size_bytes for file in files) or 1
    done = 0
    for file in files:
        work.progress(done / total)
        row = _archived(work, file)
        if row is None:
            archive_file(work, file)
        else:
            _secure(work, row)
        done += file.content.size_bytes
    end_outgoing(work.folder)

    def to_publish(session: Session) -> None:
        _mark_archived(session, work, files)

    return to_publish


def _key(work: StageWork, name: str) -> str:
    return archive_key(work.context.settings, work.recording.folder, name)


def _archived(work: StageWork, file: StoredFile) -> ArchiveObject | None:
    """Return the row of a verified copy of exactly this content at its key."""
    with work.context.database.read() as session:
        row = recordings.archive_object(session, work.recording.id, file.name)
    return row if row is not None and row.key == _key(work, file.name) and file.is_in(row) else None


def archive_file(work: StageWork, file: StoredFile) -> None:
    """Archive the hot file: a verified copy, locked as required, with its row. Also called by reconciling."""
    with outgoing(work, file) as going:
        copy = copy_verified(work.context.files.archive, going.path, _key(work, file.name), going.file)
        _secure(work, _row(work, file, going, copy))


def _row(work: StageWork, file: StoredFile, going: Outgoing, copy: VerifiedCopy) -> ArchiveObject:
    return ArchiveObject(
        recording_id=work.recording.id,
        name=file.name,
        key=copy.stored.key,
        version_id=copy.stored.version_id,
        size_bytes=going.file.size_bytes,
        sha256=going.file.sha256,
        encoding=going.encoding,
        content_bytes=file.content.size_bytes,
        content_sha256=file.content.sha256,
        storage_class=copy.stored.storage_class,
        verified_at=copy.verified_at,
    )


def _secure(work: StageWork, row: ArchiveObject) -> None:
    """Lock the object as policies and holds require, and set its row; concurrent changes are not missed."""
    stored = StoredObject(row.key, row.version_id, row.size_bytes)
    while True:
        with work.context.database.read() as session:
            required = _required_lock(session, work.recording)
        kept = secure(work.context.files.archive, stored, required)
        with work.context.database.write() as session:
            recordings.get(session, work.recording.id, lock=True)
            if _required_lock(session, work.recording).legal_hold is not required.legal_hold:
                continue
            known = row.model_dump(exclude={"id", "locked_until_at", "legal_hold"})
            until = kept.until or row.locked_until_at  # a lock can only be extended
            secured = ArchiveObject(**known, locked_until_at=until, legal_hold=kept.legal_hold)
            recordings.put_archive_object(session, secured)
            return


def _required_lock(session: Session, recording: Recording) -> Lock:
    return Lock(lock_until(session, recording), bool(holds.active(session, recording.id)))


def _mark_archived(session: Session, work: StageWork, files: list[StoredFile]) -> None:
    row: Recording = recordings.get(session, work.recording.id, lock=True)
    now = utc_now()
    row.tier = Tier.HOT
    # Renditions rebuilt after the hot copy was removed are not a hot copy by themselves: they may be removed at once.
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
            size_bytes=sum(file.content.size_bytes for file in files),
        )
    session.add(row)
