"""`reelgate text`: the text that was on a recording's screen or typed, copied, named; for people without the server.

Wired into the program by `workers.cli`. The recording is rendered to keyframes in a temporary folder, which are read.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from gateway.core.errors import ReelgateError
from gateway.core.recording.layout import KEYFRAMES
from gateway.settings import get_settings
from gateway.storage.keyframes import KeyframeReader
from workers.ocr.engines import load_engine
from workers.ocr.read import Reading, read
from workers.ocr.spans import Span
from workers.render import render
from workers.text import Extracted, extract

_CHUNK_BYTES: Final = 256 * 1024
# Exit status of a command that was given something it cannot use (as Typer's own for wrong options).
_UNUSABLE: Final = 2


def text(
    source: Annotated[Path, typer.Argument(help="The recording (a .guac file).", metavar="IN.guac")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The list of spans to write.", metavar="SPANS.json")],
    engine: Annotated[str | None, typer.Option(help="The engine that reads; default: the one that is set.")] = None,
) -> None:
    """Read the text on a recording's screen: what, where, from when to when; and what was typed, copied, transferred."""
    try:
        reading, extracted = _text(source, output, engine)
    except ReelgateError as error:
        _fail(f"{source}: {error}")
    except OSError as error:
        _fail(f"{error.filename or source}: {error.strerror or error}")
    typer.echo(
        f"{reading.spans} spans in {reading.coverage.seconds_read:.1f} s of session, read by {reading.engine}; "
        f"{reading.coverage.share_read:.1%} of the visible text was readable; {extracted.keys} lines typed, "
        f"{extracted.clipboard} clipboard texts, {extracted.file} file names"
    )


def _text(source: Path, output: Path, engine_name: str | None) -> tuple[Reading, Extracted]:
    settings = get_settings()
    engine = load_engine(engine_name or settings.ocr_engine, settings.ocr_languages)
    with TemporaryDirectory(prefix="reelgate-") as folder:
        keyframes = Path(folder) / KEYFRAMES
        with _progress_bar(f"render {source.name}") as progress:
            render(partial(_chunks, source), None, keyframes, progress=progress)
        rows: list[dict[str, Any]] = []
        extracted = extract(_chunks(source), keep=lambda span: rows.extend(as_rows(span)))
        with _progress_bar(f"read {source.name}") as progress, KeyframeReader(keyframes) as reader:
            reading = read(
                reader,
                engine,
                keep=lambda span: rows.extend(as_rows(span)),
                progress=lambda done, total: progress(done / total),
            )
    _write(output, sorted(rows, key=lambda row: (row["start_ms"], row["y"], row["x"])))
    return reading, extracted


def as_rows(span: Span) -> Iterator[dict[str, Any]]:
    """A span as rows of SPANS.json: one for its text and one for every alternative reading."""
    for text in (span.text, *span.alternatives):
        yield {
            "text": text,
            "start_ms": span.start_ms,
            "end_ms": span.end_ms,
            **span.box._asdict(),
            "confidence": span.confidence,
            "source": span.source.value,
            **({"transfer": span.transfer.as_dict()} if span.transfer else {}),
        }


def _write(output: Path, rows: list[dict[str, Any]]) -> None:
    """Whole or not at all: an error on the way leaves no half file."""
    partial_output = output.with_name(output.name + ".partial")
    try:
        partial_output.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        partial_output.replace(output)
    finally:
        partial_output.unlink(missing_ok=True)


def _chunks(source: Path) -> Iterable[bytes]:
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


@contextmanager
def _progress_bar(title: str) -> Iterator[Callable[[float], None]]:
    """A bar on standard error while it is a terminal, else nothing; gives the function to call with 0.0 to 1.0."""
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(title, total=1.0)
        yield lambda done: bar.update(task, completed=done)


def _fail(line: str) -> NoReturn:
    typer.echo(f"reelgate: {line}", err=True)
    raise typer.Exit(_UNUSABLE)
