"""`reelgate up` and `reelgate demo` at a terminal: what a person sees while they start, and what Ctrl-C leaves."""

import json
from contextlib import suppress
from pathlib import Path

import pytest

from gateway.supervisor import tree
from tests.parts.long import rest_later
from tests.parts.terminal import Terminal

pytestmark = pytest.mark.timeout(300)

PARTS = ["redis", "guacd", "beat", "sealer", "worker", "web"]
# The sum of what the children may take to end, with a slow machine to spare.
END_SECONDS = 90.0


def at_a_terminal(command: str, folder: Path) -> Terminal:
    environment = {"REELGATE_DATA_DIR": str(folder), "REELGATE_WORKER_PROCESSES": "1", "REELGATE_LOG_LEVEL": "WARNING"}
    return Terminal(command, "--port", "0", environment=environment)


def sessions(folder: Path) -> list[int]:
    """Of all children that run now."""
    status = json.loads((folder / "run" / "supervisor.json").read_text())
    return [child["pid"] for child in status["children"] if child["pid"]]


def of_this_run(folder: Path) -> list[int]:
    """Process ids of all that know the folder: the warden too, and a child that was just being started."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if str(folder).encode() in (process / "environ").read_bytes() + (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found


def check_the_end(terminal: Terminal, folder: Path, children: list[int]) -> None:
    """Ctrl-C ends everything, and the last line says so."""
    assert terminal.process.pid in of_this_run(folder)
    terminal.interrupt()
    assert terminal.ended(seconds=END_SECONDS) == 0, terminal.shown()
    assert tree.members(children) == []
    assert of_this_run(folder) == []
    assert terminal.shown().split("\r\n")[-2:] == ["Reelgate has stopped.", ""]
    assert "Traceback" not in terminal.shown()


@pytest.mark.parametrize("command", rest_later(["up", "demo"], {"demo"}))
def test_it_says_what_it_starts_and_ctrl_c_leaves_nothing(command: str, tmp_path: Path) -> None:
    with at_a_terminal(command, tmp_path) as terminal:
        terminal.wait_for("Reelgate is ready at http://127.0.0.1:")
        started = [line.split()[1] for line in terminal.shown().splitlines() if line.startswith("Starting ")]
        assert [name for name in started if name in PARTS] == PARTS
        assert ("Sign in as one of:" in terminal.shown()) == (command == "demo")
        children = sessions(tmp_path)
        assert len(children) == len(started)
        check_the_end(terminal, tmp_path, children)


def test_ctrl_c_while_it_starts_ends_what_runs_by_then(tmp_path: Path) -> None:
    with at_a_terminal("up", tmp_path) as terminal:
        terminal.wait_for("Starting sealer")
        children = sessions(tmp_path)
        check_the_end(terminal, tmp_path, children)
        assert "Reelgate is ready" not in terminal.shown()
