"""An export is kept encrypted, appears with its row, comes again after a loss, and goes in time or with its recording."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from gateway.audit import AuditTag
from gateway.core.errors import DamagedError, NotFoundError
from gateway.core.export import ExportKind
from gateway.core.recording.states import RecordingState
from gateway.core.work import WorkState
from gateway.db.columns import utc_now
from gateway.db.models import AuditEvent, Export, ExportLink, Recording
from gateway.db.repositories import audit_subjects, exports, recordings, tasks
from gateway.exports import files, links, remove_exports
from gateway.exports.rules import Rules
from gateway.storage.local import sha256_of
from tests.parts.recordings import place_recording, small_original
from tests.workers.export import requesting
from workers import stages as pipeline
from workers.export.expiry import expire_exports
from workers.export.runner import run
from workers.running.task_work import TaskWork
from workers.running.work import Publish, WorkerContext
from workers.tasks.runner import run_task


@pytest.fixture
def recording(context: WorkerContext) -> Recording:
    """Sealed, and nothing else: enough for a bundle."""
    with context.database.write() as session:
        session.add(requesting.cora())
    placed = place_recording(context, [small_original(2)])
    pipeline.run_next(context, placed.id)
    with context.database.read() as session:
        return recordings.get(session, placed.id)


def tags(context: WorkerContext, recording: Recording) -> list[str]:
    with context.database.read() as session:
        return [event.tag for event in audit_subjects.events(session, [recording.id])]


def kept(context: WorkerContext) -> list[str]:
    """Names of all files there are of exports, and of what runs left behind."""
    root = context.settings.data_dir
    found = [*root.glob("exports/*/*"), *root.glob(".work/**/*")]
    return [str(path.relative_to(root)) for path in found if path.is_file()]


def test_it_is_kept_encrypted_and_its_row_tells_of_it(context: WorkerContext, recording: Recording) -> None:
    export = requesting.bundle(context, recording)
    content = b"".join(files.read(context.settings, context.database, context.keys.data, export))
    assert (export.sha256, export.size_bytes) == sha256_of([content])
    assert kept(context) == [f"exports/{export.id}/{export.name}"]
    path = files.folder(context.settings, export.id) / export.name
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"README" not in path.read_bytes()
    assert timedelta(days=1.9) < export.expires_at - utc_now() < timedelta(days=2)
    assert tags(context, recording)[-2:] == [AuditTag.EXPORT_REQUESTED, AuditTag.EXPORT_FINISHED]
    part = b"".join(files.read(context.settings, context.database, context.keys.data, export, 100, 50))
    assert part == content[100:150]


def test_a_kept_file_cannot_be_altered_or_take_the_place_of_another(
    context: WorkerContext, recording: Recording
) -> None:
    first, second = (requesting.bundle(context, recording) for _ in range(2))
    first_path, second_path = (files.folder(context.settings, one.id) / one.name for one in (first, second))
    second_path.write_bytes(first_path.read_bytes())
    with pytest.raises(DamagedError):
        b"".join(files.read(context.settings, context.database, context.keys.data, second))
    data = bytearray(first_path.read_bytes())
    data[-100] ^= 1
    first_path.write_bytes(data)
    with pytest.raises(DamagedError):
        b"".join(files.read(context.settings, context.database, context.keys.data, first))


def test_who_asks_twice_gets_what_is_being_made(context: WorkerContext, recording: Recording) -> None:
    first = requesting.request(context, recording, kind=ExportKind.BUNDLE)
    assert requesting.request(context, recording, kind=ExportKind.BUNDLE).id == first.id
    assert requesting.request(context, recording, kind=ExportKind.BUNDLE, query="ops").id != first.id
    assert tags(context, recording).count(AuditTag.EXPORT_REQUESTED) == 2


def test_killed_between_the_file_and_its_row_it_is_made_again(context: WorkerContext, recording: Recording) -> None:
    requested = requesting.request(context, recording, kind=ExportKind.BUNDLE)
    kind = tasks_kind(context, requested)

    def dying(work: TaskWork) -> Publish:
        publish = run(work)

        def die(session: Session) -> None:
            publish(session)
            raise KeyboardInterrupt

        return die

    with pytest.raises(KeyboardInterrupt):
        run_task(context, requested.task_id, {kind: dying})
    assert len(kept(context)) == 1, "the file is there, and no row knows of it"
    assert requesting.row(context, requested).name == ""
    make_due(context, requested)
    assert run_task(context, requested.task_id)
    made = requesting.row(context, requested)
    assert kept(context) == [f"exports/{made.id}/{made.name}"]
    content = b"".join(files.read(context.settings, context.database, context.keys.data, made))
    assert sha256_of([content])[0] == made.sha256
    assert tags(context, recording).count(AuditTag.EXPORT_FINISHED) == 1


def tasks_kind(context: WorkerContext, export: Export) -> Any:
    with context.database.read() as session:
        return tasks.get(session, export.task_id).kind


def make_due(context: WorkerContext, export: Export) -> None:
    with context.database.write() as session:
        task = tasks.get(session, export.task_id, lock=True)
        task.lease_until_at = utc_now() - timedelta(seconds=1)
        session.add(task)


def test_a_recording_purged_meanwhile_leaves_nothing(context: WorkerContext, recording: Recording) -> None:
    requested = requesting.request(context, recording, kind=ExportKind.BUNDLE)
    kind = tasks_kind(context, requested)

    def too_late(work: TaskWork) -> Publish:
        publish = run(work)
        with context.database.write() as session:
            row = recordings.get(session, recording.id, lock=True)
            row.state = RecordingState.PURGED
            session.add(row)
        return publish

    assert not run_task(context, requested.task_id, {kind: too_late})
    with context.database.read() as session:
        task = tasks.get(session, requested.task_id)
    assert (task.state, task.error) == (WorkState.FAILED, "the recording was purged in the meantime")
    assert kept(context) == []


def test_files_go_when_their_time_is_over_and_rows_stay(context: WorkerContext, recording: Recording) -> None:
    export = requesting.bundle(context, recording)
    pending = requesting.request(context, recording, kind=ExportKind.BUNDLE, query="ops")
    assert expire_exports(context) == 0
    with context.database.write() as session:
        for export_id in (export.id, pending.id):
            row = exports.get(session, export_id, lock=True)
            row.expires_at = utc_now() - timedelta(seconds=1)
            session.add(row)
    assert expire_exports(context) == 1, "what is still to be made has time"
    assert kept(context) == []
    gone = requesting.row(context, export)
    assert gone.removed_at is not None
    with pytest.raises(NotFoundError):
        files.read(context.settings, context.database, context.keys.data, gone)
    assert tags(context, recording)[-1] == AuditTag.EXPORT_EXPIRED
    assert expire_exports(context) == 0


def test_a_purge_takes_files_links_and_what_was_to_be_covered(context: WorkerContext, recording: Recording) -> None:
    export = requesting.bundle(context, recording)
    with context.database.write() as session:
        task = tasks.get(session, export.task_id, lock=True)
        task.parameters = {**task.parameters, "rules": Rules(terms=("Lindqvist",)).as_dict()}
        session.add(task)
        links.create(session, export, requesting.ASKER, recipient="court", hours=5, use_limit=1)
    for count in (1, 0):
        with context.database.write() as session:
            assert remove_exports(context.settings, session, recording.id) == count
    assert kept(context) == []
    with context.database.read() as session:
        assert "rules" not in tasks.get(session, export.task_id).parameters
        assert session.exec(select(ExportLink)).one().revoked_at is not None
        assert "Lindqvist" not in str(session.exec(select(AuditEvent)).all())
