"""A restored recording is on hot disk as it was, for as long as asked, and goes again without a second upload."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlmodel import select

from gateway.audit import Actor
from gateway.core.errors import ConflictError, InvalidInputError
from gateway.core.recording.layout import VIDEO, segment_name
from gateway.core.recording.states import RecordingState, Tier
from gateway.core.work import WorkState
from gateway.db.columns import utc_now
from gateway.db.models import AuditEvent, Recording, Task
from gateway.db.repositories import recordings, tasks
from gateway.storage.local import FolderStore, read_range, sha256_of
from gateway.work.restoring import request_restore
from tests.parts.recordings import halves, ignore_job, place_sealed, small_original
from workers import stages as pipeline
from workers.running.work import WorkerContext
from workers.tasks.runner import run_task
from workers.tier.expiry import expire_hot_copies

COMPLIANCE = Actor("carla")


@pytest.fixture(scope="module")
def original() -> bytes:
    return small_original(3)


@pytest.fixture
def archived(context: WorkerContext, original: bytes) -> Recording:
    """Archived, its hot copy gone."""
    recording = place_sealed(context, halves(original))
    assert pipeline.run_next(context, recording.id)
    expire(context, recording)
    return recording


def expire(context: WorkerContext, recording: Recording) -> None:
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        row.hot_until_at = utc_now() - timedelta(seconds=1)
        session.add(row)
    assert expire_hot_copies(context) == 1
    assert not context.files.folder(recording).exists()


def place(context: WorkerContext, recording: Recording, days: float = 3) -> Task:
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        return request_restore(session, row, days, COMPLIANCE, ignore_job)


def task_of(context: WorkerContext, task: Task) -> Task:
    with context.database.read() as session:
        return tasks.get(session, task.id)


def row_of(context: WorkerContext, recording: Recording) -> Recording:
    with context.database.read() as session:
        return recordings.get(session, recording.id)


def files_on_disk(context: WorkerContext, recording: Recording) -> dict[str, str]:
    folder = context.files.folder(recording)
    return {
        path.relative_to(folder).as_posix(): sha256_of(read_range(path))[0]
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_it_comes_back_to_the_byte_stays_and_goes_again(context: WorkerContext, original: bytes) -> None:
    recording = place_sealed(context, halves(original))
    before = files_on_disk(context, recording)
    assert pipeline.run_next(context, recording.id)
    expire(context, recording)
    task = place(context, recording)
    assert run_task(context, task.id)
    assert files_on_disk(context, recording) == before
    row = row_of(context, recording)
    assert row.tier is Tier.HOT
    assert row.hot_until_at is not None
    assert timedelta(days=2.99) < row.hot_until_at - utc_now() < timedelta(days=3)
    assert expire_hot_copies(context) == 0
    with patch.object(FolderStore, "put", side_effect=AssertionError("uploaded again")):
        expire(context, recording)
    assert row_of(context, recording).tier is Tier.ARCHIVE
    assert b"".join(context.files.original(recording)) == original


def test_task_and_restore_are_in_the_trail(context: WorkerContext, archived: Recording) -> None:
    task = place(context, archived)
    assert run_task(context, task.id)
    with context.database.read() as session:
        events = {
            event.tag: event for event in session.exec(select(AuditEvent).where(AuditEvent.subject_id == archived.id))
        }
    assert events["api:restore:requested"].actor_name == "carla"
    assert events["worker:recording:restored"].details["requested_by"] == "carla"


def test_a_run_that_was_cut_off_is_gone_on_with(context: WorkerContext, archived: Recording) -> None:
    task = place(context, archived)
    opened = []
    real = FolderStore.open_range

    def failing(store: FolderStore, key: str, *rest: Any, **named: Any) -> Iterator[bytes]:
        opened.append(key)
        if len(opened) == 3:
            raise OSError(5, "the disk fails")
        return real(store, key, *rest, **named)

    with patch.object(FolderStore, "open_range", failing):
        assert not run_task(context, task.id)
    assert row_of(context, archived).tier is Tier.ARCHIVE
    again(context, task)
    fetched = opened[:2]
    opened.clear()
    with patch.object(FolderStore, "open_range", failing):
        assert run_task(context, task.id)
    assert not set(fetched) & set(opened), "what is there is not fetched again"
    assert row_of(context, archived).tier is Tier.HOT


def again(context: WorkerContext, task: Task) -> None:
    with context.database.write() as session:
        row = tasks.get(session, task.id)
        row.not_before_at = None
        session.add(row)


def test_a_copy_that_is_damaged_never_becomes_a_hot_file(context: WorkerContext, archived: Recording) -> None:
    path = context.settings.archive_dir / archived.folder / VIDEO
    sound = path.read_bytes()
    path.write_bytes(sound[:-1] + b"?")
    task = place(context, archived)
    assert not run_task(context, task.id)
    waiting = task_of(context, task)
    assert waiting.state is WorkState.PENDING
    assert f"copy of {VIDEO} does not have the recorded digest" in (waiting.error or "")
    assert context.files.hot_path(archived, VIDEO) is None
    path.write_bytes(sound)
    again(context, task)
    assert run_task(context, task.id)


def test_a_damaged_original_is_reported_too(context: WorkerContext, archived: Recording) -> None:
    path = context.settings.archive_dir / archived.folder / segment_name(0, "guac")
    path.write_bytes(path.read_bytes()[:-400])
    task = place(context, archived)
    assert not run_task(context, task.id)
    assert "archive" in (task_of(context, task).error or "")
    assert context.files.hot_path(archived, segment_name(0, "guac")) is None


def test_it_leaves_live_sessions_their_room(context: WorkerContext, archived: Recording) -> None:
    settings = context.settings.model_copy(update={"free_space_floor_bytes": 2**60})
    full = WorkerContext(settings, context.database, context.files, context.owner)
    task = place(context, archived)
    assert not run_task(full, task.id)
    waiting = task_of(context, task)
    assert waiting.state is WorkState.PENDING
    assert "0 MiB of hot storage may be used; it waits for free space" in (waiting.error or "")
    assert not context.files.folder(archived).exists()


def test_one_that_is_hot_stays_for_longer_and_never_shorter(context: WorkerContext, archived: Recording) -> None:
    for days, expected in ((3, 3), (9, 9), (1, 9)):
        task = place(context, archived, days)
        assert run_task(context, task.id)
        until = row_of(context, archived).hot_until_at
        assert until is not None
        assert abs(until - utc_now() - timedelta(days=expected)) < timedelta(minutes=1)


def test_a_hot_copy_is_not_taken_away_while_it_is_restored(context: WorkerContext, archived: Recording) -> None:
    task = place(context, archived)
    assert run_task(context, task.id)
    with context.database.write() as session:
        row = recordings.get(session, archived.id)
        row.hot_until_at = utc_now()
        session.add(row)
    place(context, archived, 5)
    assert expire_hot_copies(context) == 0


def test_what_goes_while_it_is_restored_is_fetched_again(context: WorkerContext, archived: Recording) -> None:
    task = place(context, archived)
    real = recordings.get

    def removed(*arguments: Any, **named: Any) -> Recording:
        if named.get("lock"):
            shutil.rmtree(context.files.folder(archived), ignore_errors=True)
        return real(*arguments, **named)

    with patch.object(recordings, "get", removed):
        assert not run_task(context, task.id)
    assert row_of(context, archived).tier is Tier.ARCHIVE
    assert "fetched again" in (task_of(context, task).error or "")


def test_only_what_is_archived_can_be_restored(context: WorkerContext, original: bytes) -> None:
    recording = place_sealed(context, [original])
    with pytest.raises(ConflictError, match="only an archived one"):
        place(context, recording)


@pytest.mark.parametrize("days", [0, -1, 366, float("nan")])
def test_for_a_time_that_makes_sense(context: WorkerContext, archived: Recording, days: float) -> None:
    with pytest.raises(InvalidInputError, match="up to 365 days"):
        place(context, archived, days)


def test_a_recording_that_was_purged_meanwhile_stays_gone(context: WorkerContext, archived: Recording) -> None:
    task = place(context, archived)
    with context.database.write() as session:
        row = recordings.get(session, archived.id)
        row.state = RecordingState.PURGED
        session.add(row)
    assert not run_task(context, task.id)
    assert task_of(context, task).state is WorkState.FAILED


def test_the_data_folder_keeps_no_scratch(context: WorkerContext, archived: Recording) -> None:
    assert run_task(context, place(context, archived).id)
    assert list(Path(context.settings.data_dir).glob(".task-*")) == []
