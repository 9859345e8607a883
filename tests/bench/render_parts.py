"""Where a rendering's processor time goes, by part: what limits it. Caller: `tests.bench.render`, as a program of its own.

`python -m tests.bench.render_parts IN.guac` prints a JSON object of seconds. What the program does is timed by each
thread's own clock; what libx264's threads took is what is left of the process's.
"""

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory
from typing import Any, Final

from gateway.renditions.keyframes import KeyframeWriter
from workers.desktop.display import Display, ahead
from workers.desktop.render.background import Background, Work
from workers.desktop.render.memory import keep_freed_memory
from workers.desktop.render.render import render
from workers.desktop.render.session import SessionRenderer
from workers.desktop.render.video import Picture

ROOT: Final = Path(__file__).parents[2]
_RUNS: Final = 5
Taken = defaultdict[str, float]
START: Final = "start (Python, numpy, OpenCV, FFmpeg)"
DECODE: Final = "image decode"
BLIT: Final = "drawing (blit)"
CHANGES: Final = "finding and copying what changed"
CONVERT: Final = "colour conversion"
PNG: Final = "PNG of keyframes"
REST: Final = "reading, writing, waiting for each other"
X264: Final = "x264"
_ENCODER: Final = "everything of the encoder's thread"


def parts(source: Path) -> dict[str, float]:
    """Processor seconds by part, of the run of five that took least."""
    data = source.read_bytes()
    chunks = [data[at : at + 2**18] for at in range(0, len(data), 2**18)]
    taken: Taken = defaultdict(float)
    _count(taken, ahead, "_decoded", DECODE)
    _count(taken, Display, "apply", BLIT)
    _count(taken, SessionRenderer, "_show", CHANGES)
    _count(taken, Picture, "patch", CONVERT)
    _count(taken, KeyframeWriter, "_write", PNG)
    _count_work(taken)
    found = []
    with TemporaryDirectory() as folder:
        for _ in range(_RUNS):
            taken.clear()
            process, thread = time.process_time(), time.thread_time()
            render(lambda: chunks, Path(folder) / "video.mp4", Path(folder) / "keyframes.zip")
            process, thread = time.process_time() - process, time.thread_time() - thread
            own = thread + taken[_ENCODER] + taken[DECODE]
            rest = own - sum(taken[part] for part in (DECODE, BLIT, CHANGES, CONVERT, PNG))
            found.append({**taken, REST: rest, X264: process - own})
    least = min(found, key=lambda each: sum(each.values()))
    return {START: _start()} | {
        part: least.get(part, 0.0) for part in (DECODE, BLIT, CHANGES, CONVERT, PNG, X264, REST)
    }


def _count(taken: Taken, owner: Any, name: str, part: str) -> None:
    """Add what each call takes of its thread's time."""
    setattr(owner, name, _counted(taken, part, getattr(owner, name)))


def _counted(taken: Taken, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def counted(*args: Any, **named: Any) -> Any:
        started = time.thread_time()
        try:
            return function(*args, **named)
        finally:
            taken[part] += time.thread_time() - started

    return counted


def _count_work(taken: Taken) -> None:
    """What is handed to the encoder's thread is timed there."""
    submit = Background.submit

    def submit_counted(self: Background, work: Work) -> None:
        submit(self, _counted(taken, _ENCODER, work))

    Background.submit = submit_counted  # type: ignore[method-assign] # to look into it


def _start() -> float:
    """Seconds until the program's modules are there."""
    command = [sys.executable, "-c", "import gc; gc.disable(); import os, workers.desktop.render.program; os._exit(0)"]
    took = []
    for _ in range(_RUNS):
        before = getrusage(RUSAGE_CHILDREN)
        subprocess.run(command, cwd=ROOT, check=True)
        after = getrusage(RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(took)


if __name__ == "__main__":
    keep_freed_memory()
    sys.stdout.write(json.dumps(parts(Path(sys.argv[1]))))
