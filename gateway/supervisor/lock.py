"""Allow one supervisor per data folder, by two locks: its own, and one its warden holds until all children have ended.

A second supervisor is therefore refused at once, and one restarted after a crash waits for the old children.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.core.errors import ConflictError
from gateway.supervisor import tree
from gateway.supervisor.status import leftovers
from gateway.telemetry import get_logger

# The warden gives the children of a dead supervisor a few seconds to end on their own; see `warden`.
_EARLIER_RUN_SECONDS = 20.0
# As the warden's own.
_GRACE_SECONDS = 5.0
_log = get_logger()


@contextmanager
def exclusive(run_dir: Path) -> Iterator[int]:
    """Lock the folder for this process; return the descriptor of the children's lock, for the warden to inherit.

    Raises ConflictError if another supervisor uses the folder.
    """
    own = os.open(run_dir / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o600)
    children = os.open(run_dir / "children.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _take(own, 0.0):
            raise ConflictError(f"another Reelgate runs on {run_dir.parent}")
        if not _take(children, _EARLIER_RUN_SECONDS):
            raise ConflictError(_still_running(run_dir))
        _end_leftovers(run_dir)
        yield children
    finally:
        os.close(children)
        os.close(own)


def _end_leftovers(run_dir: Path) -> None:
    """End processes left when supervisor and warden were both killed. Raises ConflictError if any stay."""
    left = leftovers(run_dir)
    if not left:
        return
    _log.warning("supervisor.leftovers_ended", children=sorted(left))
    try:
        tree.end(left.values(), grace_seconds=_GRACE_SECONDS)
    except PermissionError:
        raise ConflictError(_still_running(run_dir)) from None


def _still_running(run_dir: Path) -> str:
    left = leftovers(run_dir)
    pids = " ".join(str(pid) for pid in tree.members(left.values()))
    what = f"{', '.join(sorted(left))}; end them with: kill -9 {pids}" if pids else "a few seconds more may help"
    return f"programs of an earlier run on {run_dir.parent} do not end: {what}"


def _take(lock: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.1)
        else:
            return True
