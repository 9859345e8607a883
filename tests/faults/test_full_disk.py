"""A real disk that is full while recordings move: what has no room waits and says so, and is done when there is some."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from gateway.audit import Actor
from gateway.core.reconcile import DiscrepancyKind
from gateway.core.recording.layout import VIDEO, segment_name
from gateway.core.recording.states import RecordingState, Tier
from gateway.core.work import StageName, WorkState
from gateway.db.columns import utc_now
from gateway.db.database import is_full
from gateway.db.models import ArchiveCheck, Discrepancy, Recording, Task
from gateway.db.repositories import recordings, stages, tasks
from gateway.retention import holding, purging
from gateway.settings import Settings
from gateway.work.restoring import request_restore
from tests.faults.aftermath import check_aftermath, check_kept
from tests.parts.database import upgrade
from tests.parts.recordings import halves, ignore_job, place_sealed, small_original
from tests.parts.retention import add_user, archived_recording, mark, read, run_due_task, task_of
from tests.parts.small_disk import fill, small_disk
from workers import stages as pipeline
from workers.confine.child import DISK_FULL
from workers.purge import task as purge_task
from workers.purge.due import advance_purges
from workers.reconcile import repair
from workers.reconcile.work import reconcile
from workers.restore import work as restore
from workers.running.work import WorkerContext
from workers.tasks.runner import run_task
from workers.tier.expiry import expire_hot_copies


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "small", "16m") as folder:
        yield folder


@pytest.fixture(params=["elsewhere", "here"])
def context(request: pytest.FixtureRequest, disk: Path, tmp_path: Path) -> Iterator[WorkerContext]:
    """Recordings and archive are on the small disk; so is the database, or it is elsewhere."""
    folder = tmp_path if request.param == "elsewhere" else disk
    settings = Settings(
        data_dir=disk / "data", database_url=f"sqlite:///{folder}/reelgate.db", free_space_floor_bytes=0
    )
    settings.data_dir.mkdir()
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    yield context
    context.database.close()


only_files = pytest.mark.parametrize("context", ["elsewhere"], indirect=True)


# Purge


def filling(disk: Path, step: Callable[..., Any], *, after: bool = False) -> Callable[..., Any]:
    """The step, and before or after it the disk becomes full."""

    def call(*arguments: Any, **named: Any) -> Any:
        if not after:
            fill(disk)
        result = step(*arguments, **named)
        if after:
            fill(disk)
        return result

    return call


PURGING: dict[str, tuple[Any, str, bool]] = {
    "before it begins": (purge_task, "_begin", False),
    "before the first byte goes": (purge_task, "_erase", False),
    "when all bytes are gone": (purge_task, "_erase", True),
    "while it is finished": (purging, "finish", False),
}


@pytest.mark.parametrize("when", PURGING)
def test_a_purge_on_a_full_disk_ends_or_waits_and_is_completed(when: str, context: WorkerContext, disk: Path) -> None:
    cora = add_user(context.database)
    held, retained, recording = (archived_recording(context) for _ in range(3))
    with context.database.write() as session:
        holding.place(session, [held.id], "lawsuit", "C-17", cora, ignore_job)
    mark(context, recording, cora)
    advance_purges(context, ignore_job)
    owner, name, after = PURGING[when]
    with patch.object(owner, name, filling(disk, getattr(owner, name), after=after)):
        done = tried(context, recording)
    row = read(context, recording)
    assert (row.purged_at is not None) is done, "what is claimed is done, and what is done is claimed"
    if row.state is not RecordingState.PURGED:
        check_kept(context, row)
    (disk / "filler").unlink()
    if not done:
        assert run_due_task(context, recording)
    check_aftermath(context, held, retained)
    assert read(context, recording).purged_at is not None


def tried(context: WorkerContext, recording: Recording) -> bool:
    """Whether it is done; if not, why is written down, or there is no room even for that."""
    try:
        done = run_due_task(context, recording)
    except DBAPIError as error:
        if not is_full(error):
            raise
        return False
    task = task_of(context, recording)
    assert task is not None
    assert done or (task.state, task.error) == (WorkState.PENDING, DISK_FULL)
    return done


# Archive, restore, repair


def archived(context: WorkerContext) -> Recording:
    placed = place_sealed(context, halves(small_original(3)))
    assert pipeline.run_next(context, placed.id)
    return read(context, placed)


def held(context: WorkerContext, recording: Recording, cora: Actor) -> None:
    with context.database.write() as session:
        holding.place(session, [recording.id], "lawsuit", "C-17", cora, ignore_job)


@only_files
def test_archiving_to_a_full_disk_waits(context: WorkerContext, disk: Path) -> None:
    recording = place_sealed(context, halves(small_original(3)))
    filler = fill(disk)
    assert not pipeline.run_next(context, recording.id)
    with context.database.read() as session:
        stage = stages.of_recording(session, recording.id)[StageName.TIER]
    assert (stage.state, "No space left" in (stage.error or "") or stage.error == DISK_FULL) == (
        WorkState.PENDING,
        True,
    )
    check_kept(context, recording)
    filler.unlink()
    make_due(context, recording)
    assert pipeline.run_next(context, recording.id)
    check_aftermath(context, recording)


def make_due(context: WorkerContext, recording: Recording) -> None:
    with context.database.write() as session:
        stage = stages.of_recording(session, recording.id)[StageName.TIER]
        stage.not_before_at = None
        session.add(stage)
        for check in session.exec(select(ArchiveCheck)):
            session.delete(check)


@only_files
def test_restoring_to_a_full_disk_waits_and_leaves_no_half_files(context: WorkerContext, disk: Path) -> None:
    recording = archived(context)
    held(context, recording, add_user(context.database))
    with context.database.write() as session:
        recordings.get(session, recording.id).hot_until_at = utc_now()
    assert expire_hot_copies(context) == 1
    with context.database.write() as session:
        task = request_restore(session, read(context, recording), 2, Actor("carla"), ignore_job)
    filler = fill(disk)
    with filler.open("r+b") as file:  # room for the first file, and not for all
        file.truncate(filler.stat().st_size - 32 * 2**10)
    with patch.object(restore, "require_free_space"):  # as if another had taken the room meanwhile
        assert not run_task(context, task.id)
    assert (of(context, task).state, of(context, task).error) == (WorkState.PENDING, DISK_FULL)
    assert read(context, recording).tier is Tier.ARCHIVE
    check_kept(context, recording)
    filler.unlink()
    with context.database.write() as session:
        tasks.get(session, task.id).not_before_at = None
    assert run_task(context, task.id)
    assert read(context, recording).tier is Tier.HOT
    check_aftermath(context, recording)


def of(context: WorkerContext, task: Task) -> Task:
    with context.database.read() as session:
        return tasks.get(session, task.id)


@only_files
def test_what_cannot_be_repaired_for_want_of_room_stops_nothing_and_is_repaired_later(
    context: WorkerContext, disk: Path
) -> None:
    first, second = archived(context), archived(context)
    for recording in (first, second):
        (context.files.folder(recording) / VIDEO).unlink()
    (context.files.folder(second) / segment_name(0, "guac")).unlink()
    filler = fill(disk)
    with patch.object(repair, "require_free_space"):
        report = reconcile(context)
    assert (dict(report.found), report.repaired_count) == ({DiscrepancyKind.HOT_MISSING: 3}, 0)
    assert {"not repaired: No space left on device" in row.detail for row in found(context)} == {True}
    check_kept(context, first)
    check_kept(context, second)
    filler.unlink()
    assert reconcile(context).repaired_count == 3
    check_aftermath(context, first, second)


def found(context: WorkerContext) -> list[Discrepancy]:
    with context.database.read() as session:
        return list(session.exec(select(Discrepancy)))
