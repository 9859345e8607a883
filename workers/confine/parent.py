"""The side that starts a confined process and reads its answers.

Everything is JSON: on the child's stdin one line with its confinement and one object with the request, on its stdout
one line per answer (`{"progress": 0.5}`, and last `{"result": {...}}` or `{"error": "...", "kind": "..."}`).
"""

import json
import os
import selectors
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

from gateway.core.errors import InvalidInputError, ReelgateError, UnavailableError
from workers.confine.rights import Confinement

# No settings are passed on: the child needs no key and no address.
_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "TESSDATA_PREFIX")
# The folders above the scratch folder are closed to the child's account; its working folder is not.
_HERE: Final = "/proc/self/cwd"
# If the worker is root: an account that nothing else uses (guacd has 65533, the demo's terminals 65534).
_ACCOUNT: Final = 65532
_KINDS: Final = {kind.__name__: kind for kind in (InvalidInputError, UnavailableError)}
_TAIL_BYTES: Final = 2000
# The longest answer: a report with every idle stretch of a day.
_ANSWER_BYTES: Final = 64 * 2**20
_ERROR_LENGTH: Final = 1000


class LimitError(ReelgateError):
    """The process exceeded its memory or time, or died."""


@dataclass(frozen=True)
class Limits:
    """`memory_bytes` bounds private memory (RLIMIT_DATA); the child is ended if it is silent for `stall_seconds`."""

    memory_bytes: int = 3 * 2**30
    total_seconds: float = 6 * 3600
    stall_seconds: float = 15 * 60


class EscapeError(ReelgateError):
    """The process left something in its scratch folder that no decoder makes; its output is not used."""


def run_confined(
    module: str, request: Mapping[str, Any], progress: Callable[[float], None], limits: Limits, scratch: Path
) -> dict[str, Any]:
    """Run `python -m module` with a request; return its result.

    The process works in `scratch`: it can read and write there, read its own code, and nothing else. Files named in the
    request must be there, with relative paths.

    Raises the child's InvalidInputError or UnavailableError, a ReelgateError with the text of any other error,
    LimitError if it exceeded a limit, EscapeError if it leaves anything but files and folders behind. An error from
    `progress` ends the child.
    """
    account = _ACCOUNT if os.geteuid() == 0 and _is_open_to_others() else None
    if account is not None:
        _hand_over(scratch, account)
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "workers.confine.start", module],
            cwd=scratch,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**environment, "HOME": _HERE, "TMPDIR": _HERE, "OMP_THREAD_LIMIT": "1"},
            process_group=0,  # its own process group, so that tesseract and ffmpeg end with it
        )
        try:
            _ask(process, Confinement(account, limits.memory_bytes), request)
            return _listen(process, progress, limits)
        except LimitError as error:
            raise LimitError(f"{error}{_tail(errors)}") from error
        finally:
            _end(process)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            _take_back(scratch)


def _is_open_to_others() -> bool:
    """Whether another account can read Python and this program: it cannot if they are below /root."""
    files = (Path(sys.executable).resolve(), Path(__file__).resolve())
    return all(file.stat().st_mode & stat.S_IROTH for file in files) and all(
        folder.stat().st_mode & stat.S_IXOTH for file in files for folder in file.parents
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and everything it started; none of them can leave its group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _hand_over(scratch: Path, account: int) -> None:
    for path in (scratch, *scratch.rglob("*")):
        os.chown(path, account, account, follow_symlinks=False)


def _take_back(scratch: Path) -> None:
    """Make everything in the scratch folder the worker's own again.

    INVARIANT: a worker follows no link that a confined process left: it would read, encrypt and publish the link's
    target.
    """
    for path in (scratch, *scratch.rglob("*")):
        found = path.lstat()
        is_file = stat.S_ISREG(found.st_mode) and found.st_nlink == 1
        if not (is_file or stat.S_ISDIR(found.st_mode)):
            raise EscapeError(f"the confined process left {path.name}, which is not a plain file")
        if found.st_uid != os.geteuid():
            os.chown(path, os.geteuid(), os.getegid(), follow_symlinks=False)


def _ask(process: subprocess.Popen[bytes], confinement: Confinement, request: Mapping[str, Any]) -> None:
    assert process.stdin is not None  # noqa: S101 - given as PIPE
    try:
        process.stdin.write(json.dumps(asdict(confinement)).encode() + b"\n" + json.dumps(request).encode())
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
            if len(buffer) > _ANSWER_BYTES:
                raise LimitError("the process's answer exceeds the size limit")
            for line in lines:
                result = _heard(line, progress)
                if result is not None:
                    return result


def _heard(line: bytes, progress: Callable[[float], None]) -> dict[str, Any] | None:
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LimitError("the process gave an answer that cannot be read") from error
    if not isinstance(answer, dict) or not answer.keys() & {"progress", "error", "result"}:
        raise LimitError("the process gave an answer that cannot be read")
    if "progress" in answer:
        progress(float(answer["progress"]))
        return None
    if "error" in answer:
        raise _KINDS.get(answer.get("kind", ""), ReelgateError)(str(answer["error"])[:_ERROR_LENGTH])
    result: dict[str, Any] = answer["result"]
    return result


def _tail(errors: IO[bytes]) -> str:
    """Return the last line the process wrote to stderr."""
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - _TAIL_BYTES))
    lines = errors.read().decode(errors="replace").strip().splitlines()
    return f" ({lines[-1][:200]})" if lines else ""
