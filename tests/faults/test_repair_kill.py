"""kill -9 at every step of a repair: nothing is lost, it is whole in the end, and the trail has one event of its end."""

import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.audit import Actor, AuditTag
from gateway.core.recording.layout import VIDEO
from gateway.db.columns import utc_now
from gateway.db.models import AuditEvent, Discrepancy, Recording
from gateway.db.repositories import recordings, tasks
from tests.faults import dying_task
from tests.faults.aftermath import check_aftermath, check_kept
from tests.faults.dying import exit_code
from tests.faults.dying_task import AnyTask, OfRepair
from tests.parts.database import upgrade
from tests.parts.recordings import halves, ignore_job, place_sealed, small_original
from tests.parts.retention import read
from tests.workers.conftest import make_settings
from workers import stages as pipeline
from workers.reconcile.task import place_reconcile
from workers.running.work import WorkerContext

HOT = [*AnyTask, OfRepair.FETCHED, OfRepair.ASIDE, OfRepair.BEGUN, OfRepair.RENAMED]
ARCHIVE = [OfRepair.KEPT, OfRepair.UPLOADED, OfRepair.ROWED]
# Before and after each file has its name, and when the row of an object stands alone.
CASES = [
    *[("sqlite", moment) for moment in (OfRepair.BEGUN, OfRepair.RENAMED, OfRepair.UPLOADED)],
    ("postgresql", OfRepair.ROWED),
]
EVERY_CASE = [
    *[("sqlite", moment) for moment in (*HOT, *ARCHIVE)],
    *[("postgresql", moment) for moment in (OfRepair.RENAMED, OfRepair.ROWED)],
]
LONG = [pytest.param(*case, marks=pytest.mark.long) for case in EVERY_CASE if case not in CASES]


@pytest.fixture
def context(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WorkerContext]:
    url = {} if request.param == "sqlite" else {"database_url": request.getfixturevalue("postgres_url")}
    settings = make_settings(tmp_path, **url)
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    yield context
    context.database.close()


@pytest.fixture
def recording(context: WorkerContext) -> Recording:
    placed = place_sealed(context, halves(small_original(3)), video_bytes=1024)
    assert pipeline.run_next(context, placed.id)
    return read(context, placed)


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def events(context: WorkerContext, tag: AuditTag) -> list[AuditEvent]:
    with context.database.read() as session:
        return list(session.exec(select(AuditEvent).where(AuditEvent.tag == tag.value)))


def run(context: WorkerContext, moment: AnyTask | OfRepair | None = None) -> int:
    """A deep look, ordered if none is on its way, in a process of its own; a lost one's lease is over."""
    with context.database.write() as session:
        task = place_reconcile(session, Actor("timer"), ignore_job, deep=True)
        row = tasks.get(session, task.id, lock=True)
        if row.lease_until_at is not None:
            row.lease_until_at = utc_now() - timedelta(seconds=1)
            session.add(row)
    return exit_code(dying_task.run, context.settings, task.id, moment)


@pytest.mark.parametrize(("context", "moment"), [*CASES, *LONG], indirect=["context"])
def test_a_repair_killed_anywhere_is_completed_and_has_its_event(
    moment: AnyTask | OfRepair, context: WorkerContext, recording: Recording
) -> None:
    hot = context.files.folder(recording) / VIDEO
    with context.database.read() as session:
        stored = recordings.archive_object(session, recording.id, VIDEO)
    assert stored is not None
    sound = hot.read_bytes()
    spoilt = context.settings.archive_dir / stored.key if moment in ARCHIVE else hot
    damage(spoilt)
    damaged = spoilt.read_bytes()
    assert run(context, moment) == -signal.SIGKILL
    assert (context.settings.archive_dir / stored.key if spoilt is hot else hot).read_bytes() == sound, "the good copy"
    assert run(context) == 0
    assert hot.read_bytes() == sound
    check_kept(context, recording)
    [done] = events(context, AuditTag.DISCREPANCY_REPAIRED)
    begun = events(context, AuditTag.DISCREPANCY_REPAIR_BEGUN)
    assert done.details["name"] == VIDEO
    assert done.details["good_copy"] == ("archive" if spoilt is hot else "hot")
    assert begun
    assert all(event.id < done.id for event in begun if event.id is not None and done.id is not None)
    with context.database.read() as session:
        [row] = session.exec(select(Discrepancy))
    assert (row.repaired_at is not None, row.gone_at) == (True, None)
    kept = [path for path in context.settings.data_dir.glob("quarantine/**/*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [damaged], "what was found is kept, once"
    check_aftermath(context, recording)
