"""One supervisor a data folder. Two locks: the supervisor's own, and one its warden holds until all children are gone.

So a second supervisor is refused at once, and one that is started again after a crash waits for the old children.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.core.errors import ConflictError

# The warden gives the children of a dead supervisor a few seconds to end by themselves; see `warden`.
_EARLIER_RUN_SECONDS = 20.0


@contextmanager
def exclusive(run_dir: Path) -> Iterator[int]:
    """Holds the folder for this process; gives the descriptor of the children's lock, to be inherited by the warden.

    Raises ConflictError when another supervisor uses the folder.
    """
    own = os.open(run_dir / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o600)
    children = os.open(run_dir / "children.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(own, 0.0, f"another Reelgate runs on {run_dir.parent}")
        _take(children, _EARLIER_RUN_SECONDS, f"programs of an earlier run on {run_dir.parent} do not end")
        yield children
    finally:
        os.close(children)
        os.close(own)


def _take(lock: int, seconds: float, refusal: str) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise ConflictError(refusal) from None
            time.sleep(0.1)
        else:
            return
