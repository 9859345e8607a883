"""Address a program and everything it started by its session (setsid(2)).

Process groups are not enough: guacd gives each connection its own group, and one left behind keeps guacd's port.
Every child is started as the leader of a new session, whose id is the leader's process id and is not given to another
process while a member lives.
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

# stat(5): after the parenthesised name come state, parent, group and session; field 22 is the start time.
_STATE, _SESSION, _START = 0, 3, 19


def members(session_ids: Iterable[int]) -> list[int]:
    """Return the process ids of the sessions' live members, without zombies."""
    wanted = set(session_ids)
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _belongs(entry, wanted)]


def send(session_ids: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to all members; ignore those that have already ended."""
    for pid in members(session_ids):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def end(session_ids: Iterable[int], *, grace_seconds: float = 0.0) -> None:
    """End all members: TERM and a grace period, if one is given, then KILL until none is left (they may still fork)."""
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
    """Return the start time in clock ticks since boot, which identifies a process with its id; None if it has ended."""
    fields = _stat(Path("/proc") / str(pid))
    return int(fields[_START]) if fields else None


def _belongs(process: Path, wanted: set[int]) -> bool:
    fields = _stat(process)
    return bool(fields) and int(fields[_SESSION]) in wanted and fields[_STATE] not in {"Z", "X"}


def _stat(process: Path) -> list[str]:
    """Return the fields after the name; empty if the process has ended."""
    try:
        return (process / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
