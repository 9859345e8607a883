"""A program with all it started, addressed as one: by its session (setsid(2)), which survives what groups do not.

guacd gives each connection a process group of its own, and one left behind keeps guacd's port; so groups are not enough.
Every child is started as the leader of a new session, whose id is the leader's process id and is not given to another
process while a member lives.
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

# stat(5): behind the parenthesised name come state, parent, group and session; field 22 is the time of its start.
_STATE, _SESSION, _START = 0, 3, 19


def members(session_ids: Iterable[int]) -> list[int]:
    """Process ids of the sessions' live members, zombies left out."""
    wanted = set(session_ids)
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _belongs(entry, wanted)]


def send(session_ids: Iterable[int], number: signal.Signals) -> None:
    """Sends a signal to all members; those that are gone by then do not matter."""
    for pid in members(session_ids):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def end(session_ids: Iterable[int], *, grace_seconds: float = 0.0) -> None:
    """Ends all members: TERM and some time where that is given, then KILL until none is left (they may still fork)."""
    sessions = list(session_ids)
    if grace_seconds:
        send(sessions, signal.SIGTERM)
        deadline = time.monotonic() + grace_seconds
        while members(sessions) and time.monotonic() < deadline:
            time.sleep(0.05)
    while members(sessions):
        send(sessions, signal.SIGKILL)
        time.sleep(0.01)


def start_ticks(pid: int) -> int | None:
    """When a process was started, in clock ticks since boot: with its id, this names it. None when it is gone."""
    fields = _stat(Path("/proc") / str(pid))
    return int(fields[_START]) if fields else None


def _belongs(process: Path, wanted: set[int]) -> bool:
    fields = _stat(process)
    return bool(fields) and int(fields[_SESSION]) in wanted and fields[_STATE] not in {"Z", "X"}


def _stat(process: Path) -> list[str]:
    """Fields behind the name; none when the process is gone."""
    try:
        return (process / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
