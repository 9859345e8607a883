"""Faults of a recording, and where they are; stored with verifications."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Measure(StrEnum):
    """What `start` and `end` count: bytes of the file as stored, bytes of its content, lines, or nothing."""

    STORED = "stored"
    CONTENT = "content"
    LINE = "line"
    FILE = "file"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in `file` (its name in the recording's folder; for rows, the table), from `start` to before `end`.

    Lines count from 1. `text` is one sentence for a person and contains nothing of the content.
    """

    file: str
    measure: Measure
    start: int | None
    end: int | None
    text: str

    def values(self) -> dict[str, Any]:
        """Return the values to store and show."""
        return asdict(self)

    def __str__(self) -> str:
        if self.start is None:
            return f"{self.file}: {self.text}"
        if self.measure is Measure.LINE:
            return f"{self.file}, line {self.start}: {self.text}"
        place = "content" if self.measure is Measure.CONTENT else "file"
        return f"{self.file}, bytes {self.start} to {self.end} of its {place}: {self.text}"


def of_file(name: str, text: str) -> Fault:
    """A fault of the file as a whole."""
    return Fault(name, Measure.FILE, None, None, text)


def of_row(table: str, text: str) -> Fault:
    """A fault in the database rows."""
    return Fault(table, Measure.ROW, None, None, text)


def of_line(name: str, line: int, text: str) -> Fault:
    """A fault in a line of a manifest."""
    return Fault(name, Measure.LINE, line, line + 1, text)


def of_stored(name: str, start: int, end: int, text: str) -> Fault:
    """A fault in bytes of the file as stored."""
    return Fault(name, Measure.STORED, start, end, text)


def of_content(name: str, start: int, end: int, text: str) -> Fault:
    """A fault in bytes of the content, although the file itself is consistent."""
    return Fault(name, Measure.CONTENT, start, end, text)
