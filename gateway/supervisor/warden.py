"""Makes sure that nothing is left running when the supervisor is killed: the kernel tells it by the end of a pipe.

A process of its own (`python -m gateway.supervisor.warden`), started by the supervisor, which writes the sessions of its
children down the pipe as they come and go; processes of tests that start parts have one too.

Where it is killed itself, a new one takes over at once (`replace`). For the moment between, children are asked to end by
the kernel when their starter dies (PR_SET_PDEATHSIG); that alone would not do, as it is lost when a child changes its
account, and grandchildren do not inherit it. What is left even so, the next start ends (`lock`).
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from typing import IO

from gateway.supervisor import tree

# What a web server with open sessions needs to close them properly.
_GRACE_SECONDS = 5.0


class Warden:
    """The supervisor's end of the pipe."""

    def __init__(self, lock: int | None = None) -> None:
        """`lock`: a descriptor that the warden inherits, and so holds for as long as it lives."""
        self._inherited = [] if lock is None else [lock]
        self._sessions: set[int] = set()
        self._process, self._pipe = self._start()

    def add(self, session: int) -> None:
        """A child was started."""
        self._sessions.add(session)
        self._tell(f"+{session}\n")

    def remove(self, session: int) -> None:
        """A child and all it started are gone."""
        self._sessions.discard(session)
        self._tell(f"-{session}\n")

    @property
    def pid(self) -> int:
        """Process id of the warden that watches now."""
        return self._process.pid

    def replace(self) -> None:
        """Start a new one in place of a warden that was killed; nothing happens while it lives."""
        if self._process.poll() is None:
            return
        self._pipe.close()
        self._process, self._pipe = self._start()
        for session in self._sessions:
            self._tell(f"+{session}\n")

    def close(self) -> None:
        """The supervisor ends; whatever was not removed is ended now."""
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

    By setpriv(1), which becomes the program: code of ours between fork and exec (`preexec_fn`) can deadlock where the
    starter has threads.
    """
    return ("setpriv", "--pdeathsig", "TERM", "--", *command)


def watch(lines: Iterable[str]) -> None:
    """Follows the supervisor's lines until they end, then ends what is left."""
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
