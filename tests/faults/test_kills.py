"""kill -9 at the worst moments and a bucket that goes away, on the whole product: nothing recorded is lost.

Each test ends when the pipeline has completed, with a look at everything there is.
"""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.core.desktop.guac import GuacParser, NeedData
from gateway.core.policy.access import Role
from gateway.core.recording.states import RecordingState
from gateway.core.work import StageName
from gateway.db.repositories import recordings
from gateway.settings import Settings
from tests.e2e.gate import Gate, wait_for
from tests.faults.aftermath import check_aftermath
from tests.faults.operator import Operator
from tests.parts.desktops import VncDesktop
from tests.parts.fault_proxy import Fault, FaultProxy
from tests.parts.running import is_alive
from tests.parts.s3 import S3Server
from workers.running.work import WorkerContext

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def archive(s3_server: S3Server) -> Iterator[FaultProxy]:
    with FaultProxy(s3_server.url) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory, s3_server: S3Server, archive: FaultProxy) -> Iterator[Gate]:
    bucket = {**s3_server.settings(s3_server.create_bucket()), "REELGATE_S3_ENDPOINT": archive.url}
    with Gate(tmp_path_factory.mktemp("gate"), bucket) as running:
        yield running


@pytest.fixture(autouse=True)
def _aftermath(gate: Gate, archive: FaultProxy) -> Iterator[None]:
    """After each fault: all that there is comes to its end, and is clean."""
    yield
    archive.heal()
    wait_for("all recordings to be archived", lambda: all(is_archived(row) for row in gate.recordings()), 180)
    values = {name.removeprefix("REELGATE_").lower(): value for name, value in gate.env.items() if "REELGATE_" in name}
    context = WorkerContext.build(Settings.model_validate(values))
    with context.database.read() as session:
        found = recordings.in_states(session, RecordingState)
    check_aftermath(context, *found)
    context.database.close()


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VncDesktop]:
    with VncDesktop(tmp_path_factory.mktemp("desktop")) as running:
        yield running


def is_archived(recording: dict[str, Any]) -> bool:
    return bool(recording["stages"]) and all(stage["state"] == "done" for stage in recording["stages"])


def original_of(gate: Gate, recording: dict[str, Any]) -> bytes:
    with gate.client(Role.COMPLIANCE) as compliance:
        return compliance.get(f"/api/recordings/{recording['id']}/original").content


def without_operator_input(original: bytes) -> bytes:
    """The stream as guacd sent it: what the recorder put in between taken out."""
    parser, out = GuacParser(), bytearray()
    parser.feed(original)
    while not isinstance(instruction := parser.next_instruction(), NeedData):
        recorded_input = instruction.opcode in {"key", "mouse"} and len(instruction.args) in {3, 4}
        if not recorded_input:
            out += original[instruction.start : instruction.end]
    return bytes(out)


def verified(gate: Gate, recording: dict[str, Any]) -> dict[str, Any]:
    """What verifying finds, asked for as a person would, archived copies included."""
    url = f"/api/recordings/{recording['id']}"
    with gate.client(Role.COMPLIANCE) as compliance:
        compliance.post(f"{url}/verify", json={"archive": True}).raise_for_status()

        def newest() -> dict[str, Any] | None:
            items: list[dict[str, Any]] = compliance.get(f"{url}/verifications").json()["items"]
            return items[0] if items else None

        return wait_for("the verification", newest, 60)


def close_reason(gate: Gate, recording: dict[str, Any]) -> str:
    with gate.client(Role.AUDITOR) as auditor:
        reason: str = auditor.get(f"/api/recordings/{recording['id']}").json()["close_reason"]
        return reason


def test_all_that_was_shown_is_in_the_recording_when_the_gateway_is_killed(gate: Gate, desktop: VncDesktop) -> None:
    name = "gateway killed"
    target = gate.add_target(name, desktop.target)
    with Operator(gate, target) as operator:
        operator.wait_for_frames(1)
        operator.type_text("echo before the end\n")
        operator.wait_for_frames(operator.syncs + 5)
        gate.kill("web")
        operator.wait_until_closed()
        shown = bytes(operator.shown)
    wait_for("the gateway to come back", gate.healthy, 60)
    recording = gate.finished(name)
    assert close_reason(gate, recording) == "gateway_lost"
    noted = gaps(gate, recording)
    assert "gateway_lost" in {gap["cause"] for gap in noted}
    assert without_operator_input(original_of(gate, recording)).startswith(shown)
    found = verified(gate, recording)
    assert (found["outcome"], found["faults"]) == ("whole", [])
    assert [gap["cause"] for gap in found["facts"]["gaps"]] == [gap["cause"] for gap in noted]


def test_a_killed_guacd_ends_its_sessions_with_the_reason_and_the_next_one_works_while_the_archive_hangs(
    gate: Gate, desktop: VncDesktop, archive: FaultProxy
) -> None:
    let_go = threading.Event()
    archive.fault = fault = Fault(lambda _method, _path: True, until=let_go)
    names = "guacd killed", "the archive hangs"
    with Operator(gate, gate.add_target(names[0], desktop.target)) as operator:
        operator.wait_for_frames(1)
        for pid in family(gate.children()["guacd"]):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        operator.wait_until_closed()
        lost = bytes(operator.shown)
    wait_for("guacd to come back", gate.healthy, 60)
    wait_for("a worker to be at the archive", lambda: fault.count > 0, 60)
    with Operator(gate, gate.add_target(names[1], desktop.target)) as operator:
        operator.wait_for_frames(1)
        operator.type_text("echo nobody waits for me\n")
        operator.wait_for_frames(operator.syncs + 5)
        shown = bytes(operator.shown)
    assert waiting_count(gate) >= 1
    let_go.set()
    archive.heal()
    for name, reason, stream in zip(names, ("guacd_lost", "operator_left"), (lost, shown), strict=True):
        recording = gate.finished(name)
        assert close_reason(gate, recording) == reason
        assert stream in without_operator_input(original_of(gate, recording))
    assert gaps(gate, recording) == []
    assert waiting_count(gate) == 0


def waiting_count(gate: Gate) -> int:
    """Recordings that wait for the archive, as the System page shows it."""
    with gate.client(Role.ADMIN) as admin:
        count: int = admin.get("/api/system").raise_for_status().json()["archive"]["waiting_count"]
        return count


def gaps(gate: Gate, recording: dict[str, Any]) -> list[dict[str, Any]]:
    with gate.client(Role.AUDITOR) as auditor:
        found: list[dict[str, Any]] = auditor.get(f"/api/recordings/{recording['id']}").json()["gaps"]
        return found


@pytest.mark.long
@pytest.mark.parametrize("stage", [StageName.RENDER, StageName.OCR])
def test_the_pipeline_completes_when_the_worker_is_killed_in_a_stage(
    stage: StageName, gate: Gate, desktop: VncDesktop
) -> None:
    name = f"worker killed in {stage}"
    target = gate.add_target(name, desktop.target)
    with Operator(gate, target) as operator:
        operator.wait_for_frames(1)
        for number in range(30):
            operator.type_text(f"echo line number {number} of many\n")
        operator.wait_for_frames(operator.syncs + 20)

    def running() -> bool:
        [row] = [row for row in gate.recordings() if row["target_name"] == name]
        states = {found["name"]: found["state"] for found in row["stages"]}
        assert states.get("tier") != "done", "the stage was over before it could be killed"
        return states.get(str(stage)) in {"running", "done"}

    wait_for(f"{stage} to run", running, 60)
    for pid in family(gate.children()["worker"]):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    recording = gate.finished(name, 180)
    assert [found["name"] for found in recording["stages"]] == [str(found) for found in StageName]


def test_nothing_is_left_running_when_the_supervisor_is_killed_and_it_starts_again(
    gate: Gate, desktop: VncDesktop
) -> None:
    name = "supervisor killed"
    target = gate.add_target(name, desktop.target)
    with Operator(gate, target) as operator:
        operator.wait_for_frames(1)
        children = gate.children()
        gate.stop(signal.SIGKILL)
        operator.wait_until_closed()
        shown = bytes(operator.shown)
    wait_for("all children to end", lambda: not any(map(is_alive, children.values())), 30)
    gate.start()
    recording = gate.finished(name)
    assert without_operator_input(original_of(gate, recording)).startswith(shown)


def family(pid: int) -> list[int]:
    """A process and all it has started, itself first."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found
