"""What a gateway leaves open when it is lost, and who closes it; on both databases."""

import asyncio
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from gateway.core.policy.access import Role
from gateway.core.recording.layout import recording_folder, segment_name
from gateway.core.recording.testimony import Closing
from gateway.core.session import SessionState
from gateway.core.work import STAGE_ORDER
from gateway.db.columns import new_id, utc_now
from gateway.db.database import Database
from gateway.db.models import AccessSession, AuditEvent, GatewayNode, Recording, Stage, Target, User
from gateway.db.repositories import sessions
from gateway.evidence.testimony import read_testimony
from gateway.keys.site import SiteKeys
from gateway.sessions import endings, recovery
from gateway.sessions.clock_watch import ClockWatch
from gateway.sessions.closing import close_session
from gateway.sessions.live_state import LiveState
from gateway.sessions.registry import LiveSession, LiveSessions
from gateway.settings import Settings
from gateway.storage.files import RecordingFiles
from tests.gateway.proxies.desktop.waiting import eventually
from tests.parts.database import upgrade

OPENED_AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
WRITTEN_AT = OPENED_AT + timedelta(minutes=5)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/db"
    found: str = request.getfixturevalue("postgres_url")
    return found


class Gateways:
    """Rows and files of gateways that were lost; `state` is that of the one that looks."""

    def __init__(self, url: str, data_dir: Path) -> None:
        upgrade(url)
        self.jobs: list[tuple[str, ...]] = []
        database = Database(url, SiteKeys(Settings(data_dir=data_dir)))
        settings = Settings(data_dir=data_dir)
        self.state = LiveState(
            settings=settings,
            database=database,
            gateway_id="a",
            registry=LiveSessions(),
            files=RecordingFiles(settings, database),
            send_job=lambda *job: self.jobs.append(job),
        )
        self._user = User(username="ann", display_name="Ann", role=Role.OPERATOR, password_hash="-")
        self._target = Target(name="db-01", protocol="vnc", host="db-01", port=5900)
        self.add(self._user, self._target)

    def add(self, *rows: Any) -> None:
        """Write rows."""
        with self.state.database.write() as session:
            session.add_all(rows)

    def leave_open(self, gateway_id: str, *, with_files: bool = True) -> tuple[str, str]:
        """A session that was running when its gateway was lost: its id and its recording's."""
        row = AccessSession(
            user_id=self._user.id,
            target_id=self._target.id,
            operator_name="Ann",
            target_name="db-01",
            protocol="vnc",
            state=SessionState.ACTIVE,
            client_address="192.0.2.1",
            gateway_id=gateway_id,
            opened_at=OPENED_AT,
        )
        self.add(row)
        recording_id = new_id()
        folder = recording_folder(recording_id, OPENED_AT)
        self.add(
            Recording(
                id=recording_id,
                session_id=row.id,
                folder=folder,
                gateway_id=gateway_id,
                target_name="db-01",
                operator_name="Ann",
            )
        )
        if with_files:
            path = self.state.settings.data_dir / folder / segment_name(0, "guac")
            path.parent.mkdir(parents=True)
            path.write_bytes(b"3.nop;")
            os.utime(path, (WRITTEN_AT.timestamp(),) * 2)
        return row.id, recording_id

    def seen(self, gateway_id: str, at: datetime) -> None:
        """When a gateway beat last."""
        self.add(GatewayNode(id=gateway_id, started_at=at, heartbeat_at=at))

    def outcome(self, session_id: str) -> tuple[str, str | None, datetime | None]:
        """State, close reason and end of a session."""
        with self.state.database.read() as session:
            row = session.get_one(AccessSession, session_id)
            return row.state, row.close_reason, row.closed_at

    def rows(self, model: type[Any]) -> list[Any]:
        """All rows of a table."""
        with self.state.database.read() as session:
            return list(session.exec(select(model)))

    def close_lost(self) -> int:
        """What the timer does."""
        return recovery.close_lost_gateways(
            self.state.database, self.state.send_job, self.state.settings.data_dir, lost_seconds=60
        )


@pytest.fixture
def gateways(url: str, tmp_path: Path) -> Iterator[Gateways]:
    made = Gateways(url, tmp_path / "data")
    yield made
    made.state.registry.disk_pool.shutdown()
    made.state.database.close()


def test_the_next_start_closes_what_was_left_and_hands_it_to_the_pipeline(gateways: Gateways) -> None:
    session_id, recording_id = gateways.leave_open("a")
    other, _ = gateways.leave_open("b")
    assert recovery.recover(gateways.state) == 1
    assert gateways.outcome(session_id) == ("closed", "gateway_lost", WRITTEN_AT)
    assert gateways.outcome(other)[0] == "active"
    assert {stage.name for stage in gateways.rows(Stage)} == set(STAGE_ORDER)
    assert gateways.jobs == [("recording.advance", recording_id)]
    assert [event.tag for event in gateways.rows(AuditEvent)] == ["tunnel:session:closed"]
    assert [node.id for node in gateways.rows(GatewayNode)] == ["a"]


def test_a_second_start_finds_nothing(gateways: Gateways) -> None:
    gateways.leave_open("a")
    recovery.recover(gateways.state)
    assert recovery.recover(gateways.state) == 0
    assert len(gateways.jobs) == 1


def test_others_close_what_a_silent_gateway_left(gateways: Gateways) -> None:
    silent, _ = gateways.leave_open("b")
    alive, _ = gateways.leave_open("c")
    last_seen = utc_now() - timedelta(minutes=2)
    gateways.seen("b", last_seen)
    gateways.seen("c", utc_now())
    assert gateways.close_lost() == 1
    assert gateways.outcome(silent) == ("closed", "gateway_lost", WRITTEN_AT)
    assert gateways.outcome(alive)[0] == "active"
    assert gateways.close_lost() == 0


def test_without_its_files_the_last_heartbeat_is_the_end(gateways: Gateways) -> None:
    session_id, _ = gateways.leave_open("b", with_files=False)
    last_seen = utc_now() - timedelta(minutes=2)
    gateways.seen("b", last_seen)
    gateways.close_lost()
    assert gateways.outcome(session_id)[2] == last_seen


def test_a_session_is_closed_once_whoever_is_first(gateways: Gateways) -> None:
    session_id, _ = gateways.leave_open("a")
    with ThreadPoolExecutor(4) as pool:
        closed = list(
            pool.map(
                lambda ending: close_session(gateways.state.database, gateways.state.send_job, session_id, ending),
                [endings.OPERATOR_LEFT, endings.GATEWAY_LOST] * 2,
            )
        )
    assert sorted(closed) == [False, False, False, True]
    assert len(gateways.jobs) == 1
    assert len(gateways.rows(Stage)) == len(STAGE_ORDER)


def test_a_running_gateway_beats(gateways: Gateways) -> None:
    async def scenario() -> None:
        recovery.recover(gateways.state)
        first = gateways.rows(GatewayNode)[0].heartbeat_at
        beating = asyncio.create_task(recovery.keep_alive(gateways.state, beat_seconds=0.01))
        await eventually(lambda: gateways.rows(GatewayNode)[0].heartbeat_at > first, "the gateway beats")
        beating.cancel()

    asyncio.run(scenario())


@pytest.mark.parametrize("answers", [True, False], ids=["an error", "no answer"])
def test_a_gateway_that_cannot_beat_ends_its_sessions_before_others_do(
    gateways: Gateways, monkeypatch: pytest.MonkeyPatch, answers: bool
) -> None:
    is_over = threading.Event()

    def no_database(_session: Session, _gateway_id: str, **_times: datetime) -> None:
        if not answers:
            is_over.wait(30)
        raise OperationalError("beat", {}, ConnectionError("gone"))

    assert recovery.FENCE_SECONDS + recovery.BEAT_SECONDS < recovery.LOST_SECONDS
    monkeypatch.setattr(sessions, "beat", no_database)
    monkeypatch.setattr(recovery, "FENCE_SECONDS", 0.05)

    async def scenario() -> None:
        live = LiveSession("s", "t", "u", asyncio.get_running_loop().create_future())
        gateways.state.registry.add(live)
        beating = asyncio.create_task(recovery.keep_alive(gateways.state, beat_seconds=0.01))
        async with asyncio.timeout(10):
            assert await live.ended is endings.GATEWAY_LOST
        assert not is_over.is_set()
        is_over.set()
        beating.cancel()

    asyncio.run(scenario())


def test_a_clock_that_was_set_is_noticed_once() -> None:
    wall, monotonic = [1000.0], [50.0]
    watch = ClockWatch(lambda: wall[0], lambda: monotonic[0])
    for step, expected in ((5.0, None), (3605.0, 3600), (5.0, None), (-7195.0, -7200), (5.0, None), (9.0, None)):
        wall[0] += step
        monotonic[0] += 5.0
        assert watch.jump_seconds() == expected


def test_a_jump_of_the_clock_is_audited_with_the_beat(gateways: Gateways) -> None:
    recovery._beat(gateways.state, WRITTEN_AT, [-172_800])
    [event] = [event for event in gateways.rows(AuditEvent) if event.tag == "tunnel:clock:jumped"]
    assert (event.subject_id, event.details) == (gateways.state.gateway_id, {"seconds": -172_800})


def test_how_a_recording_was_closed_is_audited_once_also_when_others_had_given_its_gateway_up(
    gateways: Gateways,
) -> None:
    """Whoever makes a heartbeat old must not keep the gateway from saying what it closed."""
    session_id, recording_id = gateways.leave_open("a")
    assert recovery.recover(gateways.state) == 1
    closing = Closing(9, 2, "ab" * 32, 1234)
    for _ in range(2):
        closed = close_session(
            gateways.state.database, gateways.state.send_job, session_id, endings.OPERATOR_LEFT, closing=closing
        )
        assert not closed
    with gateways.state.database.read() as session:
        assert read_testimony(session, recording_id).closing == closing
    tags = [event.tag for event in gateways.rows(AuditEvent)]
    assert tags.count("tunnel:recording:closed") == 1
