"""The side that starts a confined process and listens to it.

Callers: the render and ocr stages. Request and answers are JSON: one object on the child's stdin, one line for each
answer on its stdout (`{"progress": 0.5}`, and last `{"result": {...}}` or `{"error": "...", "kind": "..."}`).
"""

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final

from gateway.core.errors import InvalidInputError, ReelgateError, UnavailableError

# Nothing of the settings goes along: the child has no use for a key or an address.
_ENVIRONMENT: Final = ("PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "TMPDIR", "TESSDATA_PREFIX")
_KINDS: Final = {kind.__name__: kind for kind in (InvalidInputError, UnavailableError)}
_TAIL_BYTES: Final = 2000


class LimitError(ReelgateError):
    """The process went over its memory or time, or died."""


@dataclass(frozen=True)
class Limits:
    """`memory_bytes` bounds private memory (RLIMIT_DATA); the child is ended when it says nothing for `stall_seconds`."""

    memory_bytes: int = 3 * 2**30
    total_seconds: float = 6 * 3600
    stall_seconds: float = 15 * 60


def run_confined(
    module: str, request: Mapping[str, Any], progress: Callable[[float], None], limits: Limits
) -> dict[str, Any]:
    """Run `python -m module` with a request; returns its result.

    Raises what the child raised where that is an InvalidInputError or UnavailableError, a ReelgateError with its text
    where it was anything else, LimitError when it went over a limit. An error from `progress` ends the child.
    """
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**environment, "OMP_THREAD_LIMIT": "1"},
        )
        try:
            _ask(process, {**request, "memory_bytes": limits.memory_bytes})
            return _listen(process, progress, limits)
        except LimitError as error:
            raise LimitError(f"{error}{_tail(errors)}") from error
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def _ask(process: subprocess.Popen[bytes], request: Mapping[str, Any]) -> None:
    assert process.stdin is not None  # noqa: S101 - given as PIPE
    try:
        process.stdin.write(json.dumps(request).encode())
        process.stdin.close()
    except BrokenPipeError as error:
        raise LimitError("the process ended before it began") from error


def _listen(process: subprocess.Popen[bytes], progress: Callable[[float], None], limits: Limits) -> dict[str, Any]:
    assert process.stdout is not None  # noqa: S101 - given as PIPE
    deadline = time.monotonic() + limits.total_seconds
    os.set_blocking(process.stdout.fileno(), False)
    buffer = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            patience = min(limits.stall_seconds, deadline - time.monotonic())
            if not selector.select(max(0.0, patience)):
                raise LimitError(f"no progress within {limits.stall_seconds:.0f} s, or longer than allowed")
            data = os.read(process.stdout.fileno(), 65536)
            if not data:
                raise LimitError(f"the process died with status {process.wait()}")
            *lines, buffer = (buffer + data).split(b"\n")
            for line in lines:
                result = _heard(json.loads(line), progress)
                if result is not None:
                    return result


def _heard(answer: dict[str, Any], progress: Callable[[float], None]) -> dict[str, Any] | None:
    if "progress" in answer:
        progress(float(answer["progress"]))
        return None
    if "error" in answer:
        raise _KINDS.get(answer["kind"], ReelgateError)(answer["error"])
    result: dict[str, Any] = answer["result"]
    return result


def _tail(errors: IO[bytes]) -> str:
    """The last line the process wrote to stderr."""
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - _TAIL_BYTES))
    lines = errors.read().decode(errors="replace").strip().splitlines()
    return f" ({lines[-1][:200]})" if lines else ""
