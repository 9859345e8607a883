"""`reelgate text`: extract the text of a recording (on screen, typed, copied, file names), without a server.

Renders the recording to keyframes in a temporary folder and runs OCR on them.
"""

import json
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

import typer

from gateway.commands.arguments import text_argument
from gateway.commands.opened import command_settings
from gateway.commands.output import say
from gateway.commands.progress import progress_bar
from gateway.core.errors import InvalidInputError, ReelgateError
from gateway.core.recording.geometry import EMPTY
from gateway.core.recording.layout import KEYFRAMES
from gateway.renditions.keyframes import KeyframeReader
from gateway.renditions.spans import Span
from workers.desktop.ocr.engines import load_engine
from workers.desktop.ocr.read import Reading, read
from workers.desktop.render import render
from workers.desktop.text import Extracted, extract

_CHUNK_BYTES: Final = 256 * 1024


def text(
    source: Annotated[Path, typer.Argument(help="The recording (a .guac file).", metavar="IN.guac")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The list of spans to write.", metavar="SPANS.json")],
    engine: Annotated[
        str | None,
        typer.Option(help="OCR engine; default: the configured one.", metavar="NAME", parser=text_argument),
    ] = None,
) -> None:
    """Extract a recording's text with place and time: what was on screen, typed, copied or transferred."""
    try:
        reading, extracted = _text(source, output, engine)
    except ReelgateError as error:
        raise InvalidInputError(f"{source}: {error}") from error
    say(
        f"{reading.spans} spans in {reading.coverage.seconds_read:.1f} s of session, read by {reading.engine}; "
        f"{reading.coverage.share_read:.1%} of the visible text was readable; {extracted.keys} lines typed, "
        f"{extracted.clipboard} clipboard texts, {extracted.file} file names"
    )


def _text(source: Path, output: Path, engine_name: str | None) -> tuple[Reading, Extracted]:
    settings = command_settings()
    _check_output(source, output)
    engine = load_engine(engine_name or settings.ocr_engine, settings.ocr_languages)
    with TemporaryDirectory(prefix="reelgate-") as folder:
        keyframes = Path(folder) / KEYFRAMES
        with progress_bar(f"render {source.name}") as progress:
            render(partial(_chunks, source), None, keyframes, progress=progress)
        rows: list[dict[str, Any]] = []
        extracted = extract(_chunks(source), keep=lambda span: rows.extend(as_rows(span)))
        with progress_bar(f"read {source.name}") as progress, KeyframeReader(keyframes) as reader:
            reading = read(
                reader,
                engine,
                keep=lambda span: rows.extend(as_rows(span)),
                progress=lambda done, total: progress(done / total),
            )
    _write(output, sorted(rows, key=lambda row: (row["start_ms"], row["y"], row["x"])))
    return reading, extracted


def _check_output(source: Path, output: Path) -> None:
    """Reject an output that cannot be written, above all one that would overwrite the original."""
    if output.is_dir() or not output.parent.is_dir():
        raise InvalidInputError(f"{output} cannot be written: it must be a file in an existing folder")
    if output.exists() and source.exists() and output.samefile(source):
        raise InvalidInputError("the output would overwrite the recording; choose another name")


def as_rows(span: Span) -> Iterator[dict[str, Any]]:
    """Return a span as rows of SPANS.json: one for its text and one for every alternative reading.

    Text without a place has an empty box.
    """
    for text in (span.text, *span.alternatives):
        yield {
            "text": text,
            "start_ms": span.start_ms,
            "end_ms": span.end_ms,
            **(span.place or EMPTY)._asdict(),
            "confidence": span.confidence,
            "source": span.source.value,
            **({"transfer": span.transfer.as_dict()} if span.transfer else {}),
        }


def _write(output: Path, rows: list[dict[str, Any]]) -> None:
    """Write the whole file or nothing."""
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
