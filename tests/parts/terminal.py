"""A command on a terminal of its own, where Ctrl-C is a key and progress is a bar."""

import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from tests.parts.running import wait_until, warden

_CTRL_C = b"\x03"


class Terminal:
    """`python -m MODULE ARGUMENTS` on a pseudo-terminal; a context, so that nothing is left running."""

    def __init__(self, *arguments: object, environment: Mapping[str, str], module: str = "gateway") -> None:
        self._screen, its_side = pty.openpty()
        os.set_blocking(self._screen, False)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("REELGATE_")}
        self.process = subprocess.Popen(
            ["setsid", "--ctty", sys.executable, "-m", module, *map(str, arguments)],
            stdin=its_side,
            stdout=its_side,
            stderr=its_side,
            env={**inherited, "TERM": "xterm", "COLUMNS": "120", **environment},
        )
        os.close(its_side)
        warden().add(self.process.pid)
        self._shown = b""

    def shown(self) -> str:
        """All that was written to the terminal so far."""
        while True:
            try:
                read = os.read(self._screen, 65536)
            except (BlockingIOError, OSError):  # OSError: the program has ended and closed it
                break
            if not read:
                break
            self._shown += read
        return self._shown.decode(errors="replace")

    def wait_for(self, text: str, *, seconds: float = 120.0) -> None:
        """Waits until the text was shown."""
        wait_until(lambda: text in self.shown() or self.process.poll() is not None, text, seconds=seconds)
        assert text in self.shown(), self.shown()

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.write(self._screen, _CTRL_C)

    def ended(self, *, seconds: float = 120.0) -> int:
        """The exit status."""
        wait_until(lambda: self.shown() is not None and self.process.poll() is not None, "end", seconds=seconds)
        assert self.process.returncode is not None
        return self.process.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        warden().remove(self.process.pid)
        os.close(self._screen)
