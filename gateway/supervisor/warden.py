"""End all children if the supervisor is killed, which the warden notices by the end of a pipe.

The warden is a separate process (`python -m gateway.supervisor.warden`). The supervisor starts it and writes the
sessions of its children to the pipe as they start and end. Tests that start parts have a warden too.

If the warden itself is killed, a new one takes over at once (`replace`). In between, the kernel sends TERM to children
whose starter dies (PR_SET_PDEATHSIG). That alone is not enough: it is lost when a child changes its account, and
grandchildren do not inherit it. The next start ends whatever is left even then (`lock`).
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from typing import IO

from gateway.supervisor import tree

# The time a web server needs to close its open sessions properly.
_GRACE_SECONDS = 5.0


class Warden:
    """The supervisor's end of the pipe."""

    def __init__(self, lock: int | None = None) -> None:
        """`lock`: a descriptor that the warden inherits, and so holds for as long as it lives."""
        self._inherited = [] if lock is None else [lock]
        self._sessions: set[int] = set()
        self._process, self._pipe = self._start()

    def add(self, session: int) -> None:
        """Note that a child was started."""
        self._sessions.add(session)
        self._tell(f"+{session}\n")

    def remove(self, session: int) -> None:
        """Note that a child and all it started have ended."""
        self._sessions.discard(session)
        self._tell(f"-{session}\n")

    @property
    def pid(self) -> int:
        """The process id of the current warden."""
        return self._process.pid

    def replace(self) -> None:
        """Start a new warden if the current one was killed."""
        if self._process.poll() is None:
            return
        self._pipe.close()
        self._process, self._pipe = self._start()
        for session in self._sessions:
            self._tell(f"+{session}\n")

    def close(self) -> None:
        """Let the warden end whatever was not removed, because the supervisor ends."""
        self._pipe.close()
        self._process.wait()

    def _start(self) -> tuple[subprocess.Popen[bytes], IO[str]]:
        # In a session of its own, so that neither Ctrl-C nor a kill of the terminal's group reaches it.
        reading, writing = os.pipe()
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "gateway.supervisor.warden"],
                stdin=reading,
                start_new_session=True,
                pass_fds=self._inherited,
            )
        finally:
            os.close(reading)
        return process, os.fdopen(writing, "w", buffering=1)

    def _tell(self, line: str) -> None:
        try:
            self._pipe.write(line)
        except BrokenPipeError:
            self._process.wait()
            self.replace()


def ending_with_starter(command: Sequence[str]) -> tuple[str, ...]:
    """Return the command that runs `command` and has the kernel send TERM to it when its starter dies.

    It uses setpriv(1), which becomes the program: Python code between fork and exec (`preexec_fn`) can deadlock if the
    starter has threads.
    """
    return ("setpriv", "--pdeathsig", "TERM", "--", *command)


def watch(lines: Iterable[str]) -> None:
    """Follow the supervisor's lines until they end, then end what is left."""
    sessions: set[int] = set()
    for line in lines:
        session = int(line[1:])
        if line.startswith("+"):
            sessions.add(session)
        else:
            sessions.discard(session)
    tree.end(sessions, grace_seconds=_GRACE_SECONDS)


if __name__ == "__main__":
    watch(sys.stdin)
