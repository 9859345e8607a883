"""PostgreSQL stops while sessions run and comes back: nothing recorded is lost, and the gateway goes on by itself.

An outage longer than other gateways wait ends the sessions: `tests/gateway/sessions/test_recovery.py`.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
from websockets.exceptions import InvalidStatus

from gateway.core.policy.access import Role
from gateway.core.recording.states import RecordingState
from gateway.db.repositories import recordings
from gateway.settings import Settings
from tests.e2e.gate import Gate, wait_for
from tests.faults.aftermath import check_aftermath
from tests.faults.operator import Operator
from tests.faults.test_kills import close_reason, gaps, original_of, verified, without_operator_input
from tests.parts.desktops import VncDesktop
from tests.parts.postgres import Postgres
from workers.running.work import WorkerContext

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def database(parts_folder: Path) -> Iterator[Postgres]:
    """A server of this test's own: others would miss it."""
    folder = parts_folder / "postgres-that-stops"
    folder.mkdir(mode=0o711)
    with Postgres(folder) as running:
        yield running


@pytest.fixture
def gate(tmp_path: Path, database: Postgres) -> Iterator[Gate]:
    with Gate(tmp_path / "gate", {"REELGATE_DATABASE_URL": database.create_database()}) as running:
        yield running


def test_sessions_go_on_and_end_while_the_database_is_away(
    gate: Gate, database: Postgres, vnc_desktop: VncDesktop
) -> None:
    names = "stays", "leaves"
    targets = [gate.add_target(name, vnc_desktop.target) for name in names]
    web = gate.children()["web"]
    with Operator(gate, targets[0]) as staying, gate.client(Role.ADMIN) as admin:
        with Operator(gate, targets[1]) as leaving:
            for operator in (staying, leaving):
                operator.wait_for_frames(1)
            database.kill()
            staying.type_text("echo nobody writes rows now\n")
            staying.wait_for_frames(staying.syncs + 5)
            left = bytes(leaving.shown)
        assert_asked_to_try_again(admin.get("/api/recordings"))
        assert_asked_to_try_again(admin.post(f"/api/targets/{targets[0]}/tickets"))
        with pytest.raises(InvalidStatus) as refused:
            staying.again()
        assert refused.value.response.status_code == 503
        database.start()
        wait_for("the gateway to be healthy", gate.healthy, 60)
        staying.type_text("echo and now they are written\n")
        staying.wait_for_frames(staying.syncs + 5)
        stayed = bytes(staying.shown)
    assert gate.children()["web"] == web, "the gateway was not restarted"
    for name, shown in zip(names, (stayed, left), strict=True):
        recording = gate.finished(name)
        assert (close_reason(gate, recording), gaps(gate, recording)) == ("operator_left", [])
        assert shown in without_operator_input(original_of(gate, recording))
        assert verified(gate, recording)["outcome"] == "whole"
    assert_clean(gate)


def assert_asked_to_try_again(answer: httpx.Response) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def assert_clean(gate: Gate) -> None:
    values = {name.removeprefix("REELGATE_").lower(): value for name, value in gate.env.items() if "REELGATE_" in name}
    context = WorkerContext.build(Settings.model_validate(values))
    with context.database.read() as session:
        found = recordings.in_states(session, RecordingState)
    check_aftermath(context, *found)
    context.database.close()
