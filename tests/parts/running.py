"""Runs a child's description for a test: started ready, stopped with all it started, kill -9 on request."""

import atexit
import contextlib
import subprocess
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from gateway.supervisor import tree
from gateway.supervisor.child import Child
from gateway.supervisor.warden import Warden


def wait_until(condition: Callable[[], bool], what: str, *, seconds: float = 30.0) -> None:
    """Waits for a condition; fails with `what` at the deadline."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:g} s: {what}")
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether a process runs. One that has ended and waits for its parent to notice does not."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@cache
def warden() -> Warden:
    """Ends what this test process leaves running, should it be killed or interrupted itself: tell it of every session."""
    started = Warden()
    atexit.register(started.close)
    return started


class Running:
    """One child at a time, of one description."""

    def __init__(self, child: Child, *, log: Path | None = None) -> None:
        self.child = child
        self.log = log or child.log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id of the program; the part must be running."""
        assert self._process is not None, f"{self.child.name} is not running"
        return self._process.pid

    def start(self) -> Self:
        """Starts the program and waits until it can be used."""
        assert self.log is not None, "a part in a test writes to a log"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.child.command,
                env=self.child.environment(),
                cwd=self.child.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        warden().add(self._process.pid)
        try:
            wait_until(self._is_ready, f"{self.child.name} ready", seconds=self.child.ready_seconds)
        except BaseException:
            self.kill()
            raise
        return self

    def _is_ready(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            tail = self.log.read_text(errors="replace")[-2000:] if self.log else ""
            raise RuntimeError(f"{self.child.name} exited with {self._process.returncode}:\n{tail}")
        return self.child.is_ready()

    def stop(self) -> None:
        """Asks the program to end, then ends whatever is left of it."""
        if self._process is None:
            return
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(self.child.stop_seconds)
        self.kill()

    def kill(self) -> None:
        """kill -9 of the program and all it started, with no chance to tidy up."""
        if self._process is None:
            return
        tree.end([self._process.pid])
        self._process.wait()
        warden().remove(self._process.pid)
        self._process = None

    def restart(self) -> Self:
        """Stop and start at the same address."""
        self.stop()
        return self.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
