"""The side inside a confined process: read the request, answer it. `workers.confine.start` runs first."""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from gateway.core.errors import ReelgateError

DISK_FULL: Final = "the disk is full: free some space and it goes on by itself"

_ANSWER_SECONDS: Final = 0.2

Progress = Callable[[float], None]
"""Report progress, 0 to 1."""

Work = Callable[[dict[str, Any], Progress], dict[str, Any]]
"""Process the request with a progress function (0..1); return a result of JSON values."""


def main(work: Work) -> None:
    """Run `work` on the request from stdin and write its answers to stdout."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # output of libraries must not be mistaken for an answer
    request = json.load(sys.stdin)
    try:
        answer: dict[str, Any] = {"result": work(request, _Progress(answers.write))}
    except ReelgateError as error:
        answer = {"error": str(error), "kind": _kind(error)}
    except MemoryError:
        answer = {"error": "it needs more memory than a worker may use", "kind": "InvalidInputError"}
    except OSError as error:
        from gateway.storage.local import is_disk_full  # imports modules that few processes need

        full = is_disk_full(error)
        answer = {"error": DISK_FULL if full else _unexpected(error), "kind": "UnavailableError" if full else ""}
    except Exception as error:  # noqa: BLE001 - the parent is told, and stderr has the rest
        answer = {"error": _unexpected(error), "kind": ""}
    answers.write(json.dumps(answer) + "\n")
    answers.close()


def _unexpected(error: Exception) -> str:
    return f"unexpected {type(error).__name__}: {error}"[:500]


class _Progress:
    """Report to the parent at most every 0.2 s."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._next = 0.0

    def __call__(self, share: float) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _ANSWER_SECONDS
            self._write(json.dumps({"progress": share}) + "\n")


def _kind(error: ReelgateError) -> str:
    """Return the nearest class name the parent knows, so that subclasses keep their meaning."""
    known = ("InvalidInputError", "UnavailableError")
    return next((kind.__name__ for kind in type(error).__mro__ if kind.__name__ in known), "")
