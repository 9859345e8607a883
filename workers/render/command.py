"""`reelgate render`: a recording to a video, for people without the server.

Wired into the program by `workers.cli`, and into its own by `workers.render.__main__`.
"""

import json
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final, NoReturn

import typer

from gateway.core.errors import InvalidInputError, ReelgateError
from gateway.core.recording.layout import KEYFRAMES
from workers.render.memory import keep_freed_memory
from workers.render.render import Progress as Report, render as render_recording
from workers.render.report import RenderReport

_CHUNK_BYTES: Final = 256 * 1024
# Exit status of a command that was given something it cannot use (as Typer's own for wrong options).
_UNUSABLE: Final = 2


def render(
    source: Annotated[Path, typer.Argument(help="The recording (a .guac file).", metavar="IN.guac")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The video to write.", metavar="OUT.mp4")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Render a recording to an H.264 video that plays in a browser."""
    started = time.perf_counter()
    keep_freed_memory()
    try:
        _check_output(source, output)
        report = _render(source, output)
    except ReelgateError as error:
        _fail(f"{source}: {error}")
    except OSError as error:
        _fail(f"{error.filename or source}: {error.strerror or error}")
    _print(report, time.perf_counter() - started, as_json=as_json)


def _check_output(source: Path, output: Path) -> None:
    """Nothing is overwritten that is not a video, least of all the original."""
    if output.is_dir() or not output.parent.is_dir():
        raise InvalidInputError(f"{output} cannot be written: it must be a file in an existing folder")
    if output.exists() and source.exists() and output.samefile(source):
        raise InvalidInputError("the video cannot take the recording's own name")


def _render(source: Path, output: Path) -> RenderReport:
    with TemporaryDirectory(prefix="reelgate-") as folder, _progress_bar(source.name) as progress:
        return render_recording(partial(_chunks, source), output, Path(folder) / KEYFRAMES, progress=progress)


def _chunks(source: Path) -> Iterable[bytes]:
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


@contextmanager
def _progress_bar(title: str) -> Iterator[Report]:
    """A bar on standard error while it is a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"render {title}", total=1.0)
        yield lambda done: bar.update(task, completed=done)


def _print(report: RenderReport, seconds: float, *, as_json: bool) -> None:
    if as_json:
        values = asdict(report) | {
            "frames": report.frame_count,
            "bytes": report.video_bytes,
            "seconds": round(seconds, 3),
        }
        values["idle"] = [list(stretch) for stretch in report.idle]
        typer.echo(json.dumps(values))
        return
    skipped = ", ".join(f"{count} {opcode}" for opcode, count in sorted(report.skipped.items())) or "nothing"
    typer.echo(
        f"{report.duration_ms / 1000:.1f} s at {report.width}x{report.height}, {report.frame_count} frames, "
        f"{report.video_bytes / 1e6:.2f} MB in {seconds:.1f} s; skipped: {skipped}"
    )
    if report.damage or report.torn_tail_bytes:
        typer.echo(report.damage or f"the last {report.torn_tail_bytes} bytes are not a whole instruction", err=True)


def _fail(line: str) -> NoReturn:
    typer.echo(f"reelgate: {line}", err=True)
    raise typer.Exit(_UNUSABLE)
