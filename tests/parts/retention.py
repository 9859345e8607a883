"""A recording that has been kept long enough, and what happens to it next, in short words for tests."""

from datetime import timedelta

from gateway.audit import Actor
from gateway.core.policy.access import Role
from gateway.core.policy.retention import DEFAULT_POLICY
from gateway.core.recording.layout import VIDEO
from gateway.core.work import StageName, TaskKind, WorkState
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import Purge, Recording, Rendition, RetentionPolicy, Task, User
from gateway.db.repositories import purges, recordings, stages, tasks
from gateway.retention import purging, set_dates_of_all
from gateway.search import Reading, prepare_spans, write_spans
from gateway.storage.encryption import encrypt_file
from gateway.storage.local import sha256_of
from tests.parts.recordings import halves, place_recording, small_original
from workers import stages as pipeline
from workers.running.work import WorkerContext
from workers.tasks.runner import run_task

VIDEO_BYTES = b"a picture " * 1000


def add_user(database: Database) -> Actor:
    """A compliance officer, as the trail names her."""
    user = User(username="cora", display_name="Cora", role=Role.COMPLIANCE, password_hash="-")
    with database.write() as session:
        session.add(user)
    return Actor("Cora", user_id=user.id)


def set_default(database: Database, **values: float | bool | None) -> None:
    """Change the default policy and bring all dates in line."""
    with database.write() as session:
        row = session.get_one(RetentionPolicy, DEFAULT_POLICY)
        row.sqlmodel_update(values)
        session.add(row)
    set_dates_of_all(database, 30)


def archived_recording(context: WorkerContext) -> Recording:
    """Sealed and archived by the pipeline; nothing keeps it any more, and nothing makes it go by itself.

    Its video and its text are laid down: making them is not what is tested here, and takes seconds.
    """
    recording = place_recording(context, halves(small_original(3)))
    _lay_down_video(context, recording)
    with context.database.write() as session:
        write_spans(session, prepare_spans(recording, [Reading("sudo reboot", 0, 9)]))
        for name in (StageName.RENDER, StageName.OCR, StageName.TEXT, StageName.INDEX):
            stage = stages.of_recording(session, recording.id)[name]
            stage.state = WorkState.DONE
            session.add(stage)
    pipeline.advance(context, recording.id)
    set_default(context.database, retain_for_days=0, delete_after_days=None)
    return read(context, recording)


def _lay_down_video(context: WorkerContext, recording: Recording) -> None:
    key = context.files.key_of(recording)
    assert key is not None
    stored = encrypt_file([VIDEO_BYTES], context.files.folder(recording) / VIDEO, key, VIDEO)
    digest, size = sha256_of([VIDEO_BYTES])
    with context.database.write() as session:
        recordings.put_rendition(
            session,
            Rendition(
                recording_id=recording.id,
                name=VIDEO,
                size_bytes=size,
                sha256=digest,
                engine="test",
                run_id="test-run",
                stored_bytes=stored.size_bytes,
                stored_sha256=stored.sha256,
            ),
        )


def read(context: WorkerContext, recording: Recording) -> Recording:
    """The row as it is now."""
    with context.database.read() as session:
        return recordings.get(session, recording.id)


def mark(context: WorkerContext, recording: Recording, actor: Actor, grace_days: float = 0) -> Purge:
    """Marked by a person."""
    with context.database.write() as session:
        return purging.mark(session, recording.id, "not needed any more", actor, grace_days)


def task_of(context: WorkerContext, recording: Recording) -> Task | None:
    """The newest task to purge it."""
    with context.database.read() as session:
        return tasks.newest(session, TaskKind.PURGE, recording.id)


def purge_of(context: WorkerContext, recording: Recording) -> Purge | None:
    """The newest purge of it."""
    with context.database.read() as session:
        return purges.newest(session, recording.id)


def run_due_task(context: WorkerContext, recording: Recording) -> bool:
    """Run its task as if its pause or its lost worker's lease were over; whether it is done."""
    task = task_of(context, recording)
    assert task is not None
    with context.database.write() as session:
        row = tasks.get(session, task.id, lock=True)
        if row.state in {WorkState.PENDING, WorkState.RUNNING}:
            row.not_before_at = row.lease_until_at = utc_now() - timedelta(seconds=1)
            session.add(row)
    return run_task(context, task.id)
