"""Render a recording to a video without the server, and print the result.

This is also a separate program (`workers.desktop.render.__main__`), so it loads nothing that only the server or the
`reelgate` command line needs.
"""

import json
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from gateway.commands.progress import progress_bar
from gateway.core.errors import InvalidInputError, ReelgateError
from gateway.core.printable import printable
from gateway.core.recording.layout import KEYFRAMES
from workers.desktop.render.memory import keep_freed_memory
from workers.desktop.render.render import render as render_recording
from workers.desktop.render.report import RenderReport

_CHUNK_BYTES: Final = 256 * 1024
# Exit status for input that cannot be used, the same as for wrong options.
UNUSABLE: Final = 2


def run(source: Path, output: Path, *, as_json: bool) -> int:
    """Render and print one line or JSON on standard output, or one line on standard error. Return the exit status."""
    started = time.perf_counter()
    keep_freed_memory()
    try:
        _check_output(source, output)
        report = _render(source, output)
    except ReelgateError as error:
        return _unusable(f"{source}: {error}")
    except OSError as error:
        return _unusable(f"{error.filename or source}: {error.strerror or error}")
    _print(report, time.perf_counter() - started, as_json=as_json)
    return 0


def _check_output(source: Path, output: Path) -> None:
    """Raise InvalidInputError if the output would overwrite the original or anything else but a video."""
    if output.is_dir() or not output.parent.is_dir():
        raise InvalidInputError(f"{output} cannot be written: it must be a file in an existing folder")
    if output.exists() and source.exists() and output.samefile(source):
        raise InvalidInputError("the video cannot take the recording's own name")


def _render(source: Path, output: Path) -> RenderReport:
    with TemporaryDirectory(prefix="reelgate-") as folder, progress_bar(f"render {source.name}") as progress:
        return render_recording(partial(_chunks, source), output, Path(folder) / KEYFRAMES, progress=progress)


def _chunks(source: Path) -> Iterable[bytes]:
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _print(report: RenderReport, seconds: float, *, as_json: bool) -> None:
    if as_json:
        values = asdict(report) | {
            "frames": report.frame_count,
            "bytes": report.video_bytes,
            "seconds": round(seconds, 3),
        }
        values["idle"] = [list(stretch) for stretch in report.idle]
        print(json.dumps(values))
        return
    skipped = ", ".join(f"{count} {opcode}" for opcode, count in sorted(report.skipped.items())) or "nothing"
    print(
        f"{report.duration_ms / 1000:.1f} s at {report.width}x{report.height}, {report.frame_count} frames, "
        f"{report.video_bytes / 1e6:.2f} MB in {seconds:.1f} s; skipped: {skipped}"
    )
    if report.damage or report.torn_tail_bytes:
        torn = f"the last {report.torn_tail_bytes} bytes are not a whole instruction"
        print(printable(report.damage or torn), file=sys.stderr)


def _unusable(line: str) -> int:
    print(f"reelgate: {printable(line)}", file=sys.stderr)
    return UNUSABLE
