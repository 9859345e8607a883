"""Processes that kill themselves (SIGKILL) at a given moment of real work; only the moment of death is put into it.

They are forked from one process that has loaded everything, and has neither threads nor connections: starting one
takes a moment, where a program of its own takes seconds.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

_SECONDS = 120.0
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.faults.dying_task", "tests.faults.dying_worker"])


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Place:
    """Death before or after a step: a function by its name in a module or class, called for the `nth` time."""

    owner: Any
    name: str
    after: bool = True
    nth: int = 1

    def deadly(self) -> AbstractContextManager[object]:
        """For the length of a block the step is the last one."""
        return patch.object(self.owner, self.name, self._dying(getattr(self.owner, self.name)))

    def _dying(self, step: Callable[..., Any]) -> Callable[..., Any]:
        count = 0

        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal count
            count += 1
            if count == self.nth and not self.after:
                die()
            result = step(*arguments, **named)
            if count == self.nth:
                die()
            return result

        return call


def exit_code(work: Callable[..., None], *arguments: Any) -> int:
    """Run it in a process of its own; 0 when it came to its end, -SIGKILL when it died on the way."""
    process = _FORKING.Process(target=work, args=arguments)
    process.start()
    process.join(_SECONDS)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError("the process neither died nor came to its end")
    return process.exitcode
