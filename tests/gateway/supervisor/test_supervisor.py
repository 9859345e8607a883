"""The supervisor over stand-in children: order, restarts, what it tells, and that nothing is ever left running."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from gateway.supervisor import tree
from gateway.supervisor.child import Child
from gateway.supervisor.status import ChildStatus, leftovers, write_status
from gateway.supervisor.warden import Warden
from gateway.supervisor.watched import Watched
from tests.parts.running import is_alive, wait_until

# Notes its start and its end; `sleep` runs beside the shell so that the trap is served at once.
OBEDIENT = """trap 'echo end $0 >> order; exit 0' TERM; echo start $0 >> order; : > $0.ready
while :; do sleep 0.05 & wait $!; done"""
STUBBORN = ": > $0.ready; trap '' TERM; while :; do sleep 0.05; done"
# Leaves a grandchild in a process group of its own, as guacd does with its connections.
PARENT = ": > $0.ready; set -m; sleep 1000 & echo $! > grandchild; wait"


def named(name: str, script: str) -> str:
    return f"{name}=" + script.replace("$0", name)


class Supervised:
    """The stand-in supervisor's process."""

    def __init__(self, folder: Path, *children: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.gateway.supervisor.stand_in", str(folder), *children],
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> "Supervised":
        wait_until((self.folder / "all.ready").exists, "all children ready")
        return self

    def children(self) -> dict[str, dict[str, Any]]:
        try:
            found = json.loads((self.folder / "supervisor.json").read_text())
        except FileNotFoundError:
            return {}
        return {child["name"]: child for child in found["children"]}

    def wait(self, seconds: float = 15) -> int:
        return self.process.wait(seconds)

    def clean_up(self) -> None:
        sessions = [child["pid"] for child in self.children().values() if child["pid"]]
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        tree.end(sessions)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Any]:
    running: list[Supervised] = []

    def start(*children: str) -> Supervised:
        running.append(Supervised(tmp_path, *children))
        return running[-1]

    yield start
    for supervised in reversed(running):
        supervised.clean_up()


def order(folder: Path) -> list[str]:
    return (folder / "order").read_text().splitlines()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_children_start_in_order_and_end_in_reverse(started: Any, tmp_path: Path, number: signal.Signals) -> None:
    supervised = started(named("a", OBEDIENT), named("b", OBEDIENT), named("c", OBEDIENT)).ready()
    supervised.process.send_signal(number)
    assert supervised.wait() == 0
    assert order(tmp_path) == ["start a", "start b", "start c", "end c", "end b", "end a"]
    assert {child["state"] for child in supervised.children().values()} == {"stopped"}


def test_a_child_that_dies_is_started_again_and_reported_of(started: Any) -> None:
    supervised = started(named("a", OBEDIENT), named("b", OBEDIENT)).ready()
    first = supervised.children()["b"]["pid"]
    os.kill(first, signal.SIGKILL)

    def is_back() -> bool:
        row = supervised.children()["b"]  # once: it is written anew meanwhile
        return bool(row["state"] == "running" and row["pid"] != first)

    wait_until(is_back, "b back")
    row = supervised.children()["b"]
    assert (row["restarts"], row["last_exit"]) == (1, "signal SIGKILL")
    assert supervised.children()["a"]["restarts"] == 0


def test_a_child_that_cannot_work_is_tried_again_while_the_others_run(started: Any) -> None:
    supervised = started(named("broken", "echo no luck; exit 3"), named("a", OBEDIENT))
    wait_until(lambda: supervised.children().get("broken", {}).get("restarts", 0) >= 3, "several tries")
    row = supervised.children()["broken"]
    assert row["last_exit"] == "exit 3"
    assert supervised.children()["a"]["state"] == "running"
    supervised.process.terminate()
    assert supervised.wait() == 0
    said = supervised.process.stderr.read()
    assert "no luck" not in said, "what it printed stays in its log"
    assert f"log={supervised.folder / 'broken.log'}" in said
    assert "no luck" in (supervised.folder / "broken.log").read_text()


def test_a_program_that_is_not_there_is_told_by_its_name() -> None:
    async def scene() -> str:
        warden = Warden()
        watched = Watched(Child("a", ("no-such-program",), lambda: True), warden, lambda: None)
        keeping = asyncio.create_task(watched.keep_up())
        await watched.settled.wait()
        await watched.stop()
        await keeping
        warden.close()
        return watched.status.last_exit or ""

    assert asyncio.run(scene()) == "cannot start: [Errno 2] No such file or directory: 'no-such-program'"


def test_a_stubborn_child_is_killed_at_its_deadline(started: Any) -> None:
    supervised = started(named("stubborn", STUBBORN)).ready()
    pid = supervised.children()["stubborn"]["pid"]
    supervised.process.terminate()
    assert supervised.wait() == 0
    assert tree.members([pid]) == []


def test_a_signal_that_comes_twice_is_one_wish(started: Any, tmp_path: Path) -> None:
    supervised = started(named("a", OBEDIENT), named("b", OBEDIENT)).ready()
    # Two kinds, since two of one kind that come together are one to the kernel.
    supervised.process.send_signal(signal.SIGINT)
    supervised.process.send_signal(signal.SIGTERM)
    assert supervised.wait() == 0
    assert order(tmp_path)[2:] == ["end b", "end a"]


def test_a_later_signal_kills_at_once(started: Any) -> None:
    names = [f"stubborn{number}" for number in range(8)]
    supervised = started(*(named(name, STUBBORN) for name in names)).ready()
    supervised.process.send_signal(signal.SIGINT)
    # Each child's deadline is a second, so the first is gone after the time in which a signal counts as the same.
    wait_until(lambda: supervised.children()[names[-1]]["state"] == "stopped", "the first deadline")
    supervised.process.send_signal(signal.SIGINT)
    assert supervised.wait(4) == 0


def test_grandchildren_end_with_their_parent(started: Any, tmp_path: Path) -> None:
    supervised = started(named("parent", PARENT)).ready()
    wait_until((tmp_path / "grandchild").exists, "the grandchild")
    grandchild = int((tmp_path / "grandchild").read_text())
    os.kill(supervised.children()["parent"]["pid"], signal.SIGKILL)
    wait_until(lambda: not is_alive(grandchild), "the grandchild gone")


def test_nothing_is_left_when_the_supervisor_is_killed(started: Any, tmp_path: Path) -> None:
    supervised = started(named("a", OBEDIENT), named("stubborn", STUBBORN), named("parent", PARENT)).ready()
    sessions = [child["pid"] for child in supervised.children().values()]
    supervised.process.kill()
    supervised.wait()
    wait_until(lambda: tree.members(sessions) == [], "all gone")
    assert "end a" in order(tmp_path), "the warden asks before it kills"


def wardens(supervised: Supervised) -> list[int]:
    """Process ids of the supervisor's warden, which is a child of it."""
    found = []
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if (
                process.name.isdigit()
                and b"gateway.supervisor.warden" in (process / "cmdline").read_bytes()
                and f"PPid:\t{supervised.process.pid}\n" in (process / "status").read_text()
                and is_alive(int(process.name))
            ):
                found.append(int(process.name))
    return found


def test_a_warden_that_is_killed_is_replaced_at_once(started: Any) -> None:
    supervised = started(named("stubborn", STUBBORN)).ready()
    [first] = wardens(supervised)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: wardens(supervised) not in ([], [first]), "another warden")
    sessions = [child["pid"] for child in supervised.children().values()]
    supervised.process.kill()
    supervised.wait()
    wait_until(lambda: tree.members(sessions) == [], "all gone")


def kill_both(supervised: Supervised) -> None:
    """The supervisor is held while its warden is killed, so that it cannot replace it."""
    [warden] = wardens(supervised)
    supervised.process.send_signal(signal.SIGSTOP)
    os.kill(warden, signal.SIGKILL)
    supervised.process.kill()
    supervised.wait()


def test_children_are_asked_to_end_when_supervisor_and_warden_are_killed(started: Any, tmp_path: Path) -> None:
    supervised = started(named("a", OBEDIENT)).ready()
    sessions = [child["pid"] for child in supervised.children().values()]
    kill_both(supervised)
    wait_until(lambda: tree.members(sessions) == [], "all gone")
    assert "end a" in order(tmp_path)


def test_the_next_run_ends_what_supervisor_and_warden_left(started: Any, tmp_path: Path) -> None:
    first = started(named("stubborn", STUBBORN), named("parent", PARENT)).ready()
    old = [child["pid"] for child in first.children().values()]
    wait_until((tmp_path / "grandchild").exists, "the grandchild")
    kill_both(first)
    assert tree.members(old)
    (tmp_path / "all.ready").unlink()
    started(named("stubborn", STUBBORN)).ready()
    assert tree.members(old) == []


def test_a_process_that_was_given_the_id_of_an_old_child_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "1000"], start_new_session=True) as other:
        status = ChildStatus("web", pid=other.pid, start_ticks=(tree.start_ticks(other.pid) or 0) - 1)
        write_status(tmp_path, [status])
        assert leftovers(tmp_path) == {}
        status.start_ticks = tree.start_ticks(other.pid)
        write_status(tmp_path, [status])
        assert leftovers(tmp_path) == {"web": other.pid}
        other.kill()


def test_the_next_run_waits_until_the_killed_one_is_gone(started: Any, tmp_path: Path) -> None:
    first = started(named("stubborn", STUBBORN)).ready()
    old = first.children()["stubborn"]["pid"]
    first.process.kill()
    first.wait()
    (tmp_path / "all.ready").unlink()
    started(named("stubborn", STUBBORN)).ready()
    assert tree.members([old]) == []


def test_a_second_supervisor_on_a_folder_is_refused(started: Any) -> None:
    started(named("a", OBEDIENT)).ready()
    second = started(named("a", OBEDIENT))
    assert second.wait() == 1
    assert "another Reelgate runs" in second.process.stderr.read()


def test_a_child_that_never_gets_ready_is_started_again(started: Any) -> None:
    supervised = started(named("slow", "sleep 1000"))
    wait_until(lambda: supervised.children().get("slow", {}).get("restarts", 0) >= 1, "a second try")
    assert supervised.children()["slow"]["last_exit"] == "signal SIGKILL"
