"""kill -9 at every step of a purge: it completes later, and nothing else has lost a byte."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.audit import Actor
from gateway.audit.check import check
from gateway.core.policy.retention import PurgeState
from gateway.core.recording.states import RecordingState
from gateway.core.work import WorkState
from gateway.db.models import AuditEvent, Recording
from gateway.db.repositories import purges, recordings
from gateway.keys.site import public_keys
from gateway.retention import certificate, holding
from gateway.settings import Settings
from gateway.storage.archive import archive_key
from gateway.storage.local import sha256_of
from tests.faults import dying_task
from tests.faults.aftermath import check_aftermath
from tests.faults.dying import exit_code
from tests.faults.dying_task import AnyTask, OfPurge
from tests.parts.database import upgrade
from tests.parts.recordings import ignore_job
from tests.parts.retention import add_user, archived_recording, mark, purge_of, read, run_due_task, task_of
from workers.purge.due import advance_purges
from workers.running.work import WorkerContext

# Every step on SQLite; on PostgreSQL those that depend on what a transaction is.
# Before the first byte goes, while they go, and before that is written down.
CASES = [
    *[("sqlite", moment) for moment in (OfPurge.BEGINNING, OfPurge.BEGUN, OfPurge.ONE_OBJECT, OfPurge.ONE_FILE)],
    ("postgresql", OfPurge.FINISHING),
]
EVERY_CASE = [
    *[("sqlite", moment) for moment in (*AnyTask, *OfPurge)],
    *[("postgresql", moment) for moment in (OfPurge.BEGINNING, OfPurge.FINISHING)],
]
LONG = [pytest.param(*case, marks=pytest.mark.long) for case in EVERY_CASE if case not in CASES]
# Killed before the first byte may go.
HARMLESS = {AnyTask.TAKEN, OfPurge.COUNTED, OfPurge.BEGINNING}


@pytest.fixture
def context(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WorkerContext]:
    settings = Settings(data_dir=tmp_path)
    if getattr(request, "param", "sqlite") == "postgresql":
        settings = settings.model_validate(
            {**settings.model_dump(), "database_url": request.getfixturevalue("postgres_url")}
        )
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    yield context
    context.database.close()


@pytest.fixture
def cora(context: WorkerContext) -> Actor:
    return add_user(context.database)


@pytest.fixture
def held(context: WorkerContext, cora: Actor) -> Recording:
    """The neighbour that must not lose anything."""
    recording = archived_recording(context)
    with context.database.write() as session:
        holding.place(session, [recording.id], "lawsuit", "C-17", cora, ignore_job)
    return recording


@pytest.fixture
def recording(context: WorkerContext, held: Recording) -> Recording:
    assert held
    return archived_recording(context)


def is_whole(context: WorkerContext, recording: Recording) -> bool:
    """Hot and archived, every byte."""
    with context.database.read() as session:
        files = recordings.files(session, recording.id)
        archived = {row.name: row for row in recordings.archive_objects(session, recording.id)}
    for file in files:
        row = archived[file.name]
        copy = sha256_of(context.files.archive.open_range(row.key, version_id=row.version_id))
        hot = sha256_of(context.files.open_stored(recording, file.name))
        if copy != (row.sha256, row.size_bytes) or hot != (file.sha256, file.size_bytes):
            return False
    return bool(files)


def check_erased(context: WorkerContext, recording: Recording) -> None:
    with context.database.read() as session:
        tombstone = purges.tombstone(session, recording.id)
        keys = public_keys(session)
        tags = session.exec(select(AuditEvent.tag).where(AuditEvent.subject_id == recording.id)).all()
    assert check(context.database, context.keys.signer(), "test").broken_kind is None
    assert tombstone is not None
    certificate.check(tombstone.certificate, keys[tombstone.certificate["key_id"]])
    assert {file["place"] for file in tombstone.files} == {"recording", "hot", "archive"}
    assert tags.count("worker:recording:purged") == 1
    assert not context.files.folder(recording).exists()
    assert not list(context.files.archive.versions(archive_key(context.settings, recording.folder, "")))
    purge = purge_of(context, recording)
    assert purge is not None
    assert purge.state is PurgeState.PURGED


@pytest.mark.parametrize(("context", "moment"), [*CASES, *LONG], indirect=["context"])
def test_a_purge_killed_anywhere_is_completed_and_spares_what_is_held(
    moment: AnyTask | OfPurge, context: WorkerContext, cora: Actor, held: Recording, recording: Recording
) -> None:
    mark(context, recording, cora)
    advance_purges(context, ignore_job)
    task = task_of(context, recording)
    assert task is not None
    assert exit_code(dying_task.run, context.settings, task.id, moment) == -signal.SIGKILL
    row = read(context, recording)
    assert row.state is (RecordingState.ARCHIVED if moment in HARMLESS else RecordingState.PURGED)
    assert row.purged_at is None, "not before everything is gone"
    if moment in HARMLESS:
        assert is_whole(context, recording)
    assert run_due_task(context, recording)
    check_erased(context, recording)
    check_aftermath(context, held)
    assert is_whole(context, held)


def test_a_purge_that_lost_its_task_gets_another(context: WorkerContext, cora: Actor, recording: Recording) -> None:
    mark(context, recording, cora)
    advance_purges(context, ignore_job)
    first = task_of(context, recording)
    assert first is not None
    assert exit_code(dying_task.run, context.settings, first.id, OfPurge.ARCHIVE) == -signal.SIGKILL
    with context.database.write() as session:
        first.state, first.error = WorkState.FAILED, "the worker was lost 5 times while at this"
        session.merge(first)
    advance_purges(context, ignore_job)
    second = task_of(context, recording)
    assert second is not None
    assert second.id != first.id
    assert run_due_task(context, recording)
    check_erased(context, recording)
    check_aftermath(context)
