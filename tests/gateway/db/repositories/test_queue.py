"""The order of work is the same on both databases: seals, then live sessions, then what was asked for, then bulk."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.core.recording.states import RecordingSource
from gateway.core.work import STAGE_ORDER, Priority, StageName, TaskKind, WorkState
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import Recording, Stage, Task
from gateway.db.repositories import leases, queue, stages
from gateway.work import stages as pipeline
from tests.parts.database import upgrade

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/q.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    upgrade(url)
    database = Database(url)
    yield database
    database.close()


def add(
    database: Database,
    name: str,
    *,
    minute: int,
    source: RecordingSource = RecordingSource.LIVE,
    done: tuple[StageName, ...] = (StageName.SEAL,),
) -> dict[StageName, Stage]:
    """A recording asked for at that minute after noon, with these stages done."""
    with database.write() as session:
        row = Recording(id=name, source=source, folder=name, target_name="lab", operator_name="olga", started_at=NOON)
        session.add(row)
        session.flush()
        pipeline.begin(session, row, lambda *_job: None)
        rows = stages.of_recording(session, name)
        for stage in rows.values():
            stage.requested_at = NOON + timedelta(minutes=minute)
            if stage.name in done:
                stage.state = WorkState.DONE
                stage.started_at, stage.finished_at = NOON, NOON + timedelta(seconds=10)
            session.add(stage)
    return rows


def change(database: Database, row: Stage, **values: object) -> None:
    with database.write() as session:
        found = session.get(Stage, row.id)
        assert found is not None
        for name, value in values.items():
            setattr(found, name, value)
        session.add(found)


def due(database: Database, now: datetime | None = None) -> list[str]:
    with database.read() as session:
        return [work.id for work in queue.due(session, now or utc_now(), 100)]


def test_seals_then_live_then_tasks_then_bulk_each_by_time(database: Database) -> None:
    imported = RecordingSource.IMPORTED
    add(database, "import-sealed", minute=0, source=imported)
    add(database, "import-open", minute=1, source=imported, done=())
    add(database, "live-late", minute=9)
    add(database, "live-early", minute=2)
    add(database, "live-open", minute=8, done=())
    with database.write() as session:
        for name, priority in (("restore", Priority.NORMAL), ("export", Priority.BULK)):
            session.add(
                Task(
                    id=name,
                    kind=TaskKind(name),
                    priority=priority,
                    requested_by_name="ann",
                    requested_at=NOON - timedelta(1),
                )
            )
    assert due(database) == [
        *("live-open", "import-open"),
        *("live-early", "live-late"),
        *("restore", "export", "import-sealed"),
    ]
    with database.read() as session:
        assert [work.id for work in queue.due_seals(session, utc_now(), 9)] == ["live-open", "import-open"]


def test_work_of_a_killed_worker_keeps_its_place(database: Database) -> None:
    lost = add(database, "b-lost", minute=0)[StageName.RENDER]
    add(database, "a-waiting", minute=1)
    leased = {"state": WorkState.RUNNING, "lease_owner": "gone:1:1", "started_at": NOON, "lease_until_at": utc_now()}
    change(database, lost, **leased)
    assert due(database) == ["b-lost", "a-waiting"], "the lease has run out"
    with database.write() as session:
        assert leases.release(session, Stage, lost.id, "gone:1:1")
    assert due(database) == ["b-lost", "a-waiting"], "it was put back"


def test_what_failed_comes_behind_what_was_not_tried_yet(database: Database) -> None:
    failed = add(database, "a-failed", minute=0)[StageName.RENDER]
    add(database, "b-fresh", minute=1)
    change(database, failed, not_before_at=NOON + timedelta(minutes=2), error="no encoder")
    assert due(database) == ["b-fresh", "a-failed"]
    assert due(database, NOON + timedelta(minutes=1.5)) == ["b-fresh"], "it waits"


def test_the_place_in_the_queue_and_about_how_long_it_takes(database: Database) -> None:
    def place(name: str) -> queue.Place | None:
        with database.read() as session:
            return queue.place(session, name, utc_now(), 2)

    add(database, "first", minute=1)
    add(database, "import", minute=0, source=RecordingSource.IMPORTED)
    assert place("import") == queue.Place(1, None), "nothing was measured yet"
    add(database, "measured", minute=0, done=tuple(STAGE_ORDER))
    assert place("measured") is None
    assert place("first") == queue.Place(0, 40.0)
    # 50 s of the one ahead on two processes, then 40 s until it can be searched.
    assert place("import") == queue.Place(1, 65.0)
    with database.read() as session:
        render = stages.of_recording(session, "first")[StageName.RENDER]
    change(database, render, state=WorkState.RUNNING, progress=0.5, lease_until_at=utc_now() + timedelta(hours=1))
    assert place("first") == queue.Place(0, 35.0)
    # What runs holds a process until it ends: 5 s on two.
    assert place("import") == queue.Place(0, 42.5)
