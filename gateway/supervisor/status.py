"""The state of the supervisor's children: a file in the run folder that `/health` reads.

The next supervisor reads it too: its processes may still run if supervisor and warden were both killed.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from gateway.supervisor import tree

STATUS_FILE = "supervisor.json"


class ChildState(StrEnum):
    """Where a child is in its life. starting -> running -> backing_off -> starting ...; stopped is the end."""

    STARTING = "starting"
    RUNNING = "running"
    BACKING_OFF = "backing_off"
    STOPPED = "stopped"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(slots=True)
class ChildStatus:
    """One child's row. `last_exit` says how it last ended: "exit 1", "signal SIGKILL"; None if it never ended."""

    name: str
    state: ChildState = ChildState.STARTING
    pid: int | None = None
    start_ticks: int | None = None
    restarts: int = 0
    since_at: str = field(default_factory=_now)
    last_exit: str | None = None

    def enter(self, state: ChildState) -> None:
        """Record a new state and its time."""
        self.state = state
        self.since_at = _now()


def leftovers(folder: Path) -> dict[str, int]:
    """Return the children of an earlier run with processes that still run: their names and sessions."""
    try:
        rows = json.loads((folder / STATUS_FILE).read_text(encoding="utf-8"))["children"]
        named = [(str(row["name"]), row["pid"], row["start_ticks"]) for row in rows if row["pid"] is not None]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    # The kernel does not reuse the leader's id while a member lives; a process started later is not the leader.
    return {
        name: int(pid)
        for name, pid, ticks in named
        if tree.start_ticks(int(pid)) in {ticks, None} and tree.members([int(pid)])
    }


def write_status(folder: Path, children: Iterable[ChildStatus]) -> None:
    """Replace the status file atomically: a reader sees either the old or the new one."""
    new = folder / f"{STATUS_FILE}.new"
    content = {"pid": os.getpid(), "children": [asdict(child) for child in children]}
    new.write_text(json.dumps(content, indent=1), encoding="utf-8")
    new.replace(folder / STATUS_FILE)
