"""Spans, and the rendition that stores them: `spans.jsonl.gz`.

Spans are written as they end, so memory does not grow with the recording. The form is gzip of JSON lines, one span per
line; the same spans give the same bytes (no time, no name in the gzip header).
"""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, NamedTuple, Self, TypeVar

from gateway.core.errors import InvalidInputError, NotFoundError
from gateway.core.recording.place import Place, place_as_dict, place_from_dict, word_place
from gateway.core.recording.states import SpanSource
from gateway.core.recording.transfer import Transfer

# On the samples' spans, gzip level 6 needed 4 % more bytes than level 9 and half its time.
_LEVEL: Final = 6
# Bytes of one JSON line; bounds what a damaged file makes the reader hold in memory.
_MAX_LINE_BYTES: Final = 1_000_000
_Read = TypeVar("_Read")


class SpanWord(NamedTuple):
    """A word of a span and its place, of the same kind as the span's, for highlighting."""

    text: str
    place: Place


@dataclass(frozen=True)
class Span:
    """A line of text that was visible at one place from `start_ms` to `end_ms` (offsets in the recording).

    Typed or copied text and file names (`source`) have no place, and their `keyframe` is -1.

    `alternatives` are other readings of the same pixels, to be searched but not shown; `keyframe` is the number of the
    keyframe it was read from; `start_byte` and `end_byte` bound the instructions of the original that drew it;
    `transfer` gives direction and completeness of a clipboard or file.
    """

    text: str
    place: Place | None
    start_ms: int
    end_ms: int
    confidence: float
    keyframe: int
    start_byte: int
    end_byte: int
    words: tuple[SpanWord, ...] = ()
    alternatives: tuple[str, ...] = ()
    source: SpanSource = SpanSource.SCREEN
    transfer: Transfer | None = None


class SpanWriter:
    """Write the file; it appears under its name only at `close`, complete.

    A context manager: an error leaves nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(path.name + ".partial")
        self._file = self._partial.open("wb")
        self._gzip = gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=self._file, mtime=0)
        self.count = 0

    def add(self, span: Span) -> None:
        """Append one span."""
        row = json.dumps(_as_row(span), ensure_ascii=False, separators=(",", ":"))
        self._gzip.write(row.encode() + b"\n")
        self.count += 1

    def close(self) -> None:
        """Finish the file and give it its name."""
        self._gzip.close()
        self._file.close()
        self._partial.replace(self._path)

    def discard(self) -> None:
        """Remove what was written; does nothing after `close`."""
        self._gzip.close()
        self._file.close()
        self._partial.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()


def read_spans(source: Path | IO[bytes]) -> Iterator[Span]:
    """Yield the spans of a file in the order they were written (for each source the order in which they ended).

    Raises NotFoundError if there is no file and InvalidInputError if it is damaged.
    """
    return read_lines(source, _parse)


def read_lines(source: Path | IO[bytes], parse: Callable[[Mapping[str, Any]], _Read]) -> Iterator[_Read]:
    """Yield `parse`'s result for each line, a span with the fields of `Span`. Raises as `read_spans`.

    For callers that build other objects: ten thousand spans have hundreds of thousands of parts.
    """
    try:
        with gzip.open(source, "rb") as lines:
            while line := lines.readline(_MAX_LINE_BYTES):
                yield parse(json.loads(line.decode()))
    except FileNotFoundError as error:
        raise NotFoundError("there is no spans file") from error
    except (OSError, EOFError, zlib.error, ValueError, TypeError, KeyError, RecursionError) as error:
        raise InvalidInputError("the spans file is damaged") from error


def _as_row(span: Span) -> dict[str, Any]:
    """Return the JSON values. A word's place is stored as numbers only, because its kind is that of the span's."""
    return vars(span) | {
        "place": None if span.place is None else place_as_dict(span.place),
        "transfer": None if span.transfer is None else span.transfer.as_dict(),
    }


def _parse(row: Mapping[str, Any]) -> Span:
    place = None if row["place"] is None else place_from_dict(row["place"])
    words = () if place is None else tuple(SpanWord(str(text), word_place(place, at)) for text, at in row["words"])
    return Span(
        text=str(row["text"]),
        place=place,
        start_ms=int(row["start_ms"]),
        end_ms=int(row["end_ms"]),
        confidence=float(row["confidence"]),
        keyframe=int(row["keyframe"]),
        start_byte=int(row["start_byte"]),
        end_byte=int(row["end_byte"]),
        words=words,
        alternatives=tuple(str(text) for text in row["alternatives"]),
        source=SpanSource(row["source"]),
        transfer=None if row["transfer"] is None else Transfer.from_dict(row["transfer"]),
    )
