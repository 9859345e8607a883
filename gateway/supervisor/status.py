"""What the supervisor tells of its children: a file in the run folder that `/health` reads."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

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
    """One child's row. `last_exit` says how it last ended: "exit 1", "signal SIGKILL"; None as long as it never did."""

    name: str
    state: ChildState = ChildState.STARTING
    pid: int | None = None
    restarts: int = 0
    since_at: str = field(default_factory=_now)
    last_exit: str | None = None

    def enter(self, state: ChildState) -> None:
        """Notes a new state and since when it holds."""
        self.state = state
        self.since_at = _now()


def write_status(folder: Path, children: Iterable[ChildStatus]) -> None:
    """Puts the new status in place whole, so that a reader sees the old or the new one."""
    new = folder / f"{STATUS_FILE}.new"
    content = {"pid": os.getpid(), "children": [asdict(child) for child in children]}
    new.write_text(json.dumps(content, indent=1), encoding="utf-8")
    new.replace(folder / STATUS_FILE)
