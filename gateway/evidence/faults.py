"""What can be wrong with a recording, and where. Callers: everything in `gateway.evidence`; kept in verifications."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Measure(StrEnum):
    """What `start` and `end` count: bytes of the file as it is kept, bytes of its content, lines, or nothing."""

    STORED = "stored"
    CONTENT = "content"
    LINE = "line"
    FILE = "file"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Fault:
    """In `file` (a name in the recording's folder; for rows, the table), from `start` to before `end`; lines from 1.

    `text` is one sentence for a person and holds nothing of the content.
    """

    file: str
    measure: Measure
    start: int | None
    end: int | None
    text: str

    def values(self) -> dict[str, Any]:
        """As it is kept and shown."""
        return asdict(self)

    def __str__(self) -> str:
        if self.start is None:
            return f"{self.file}: {self.text}"
        if self.measure is Measure.LINE:
            return f"{self.file}, line {self.start}: {self.text}"
        place = "content" if self.measure is Measure.CONTENT else "file"
        return f"{self.file}, bytes {self.start} to {self.end} of its {place}: {self.text}"


def of_file(name: str, text: str) -> Fault:
    """The file as such is wrong."""
    return Fault(name, Measure.FILE, None, None, text)


def of_row(table: str, text: str) -> Fault:
    """What the database says is wrong."""
    return Fault(table, Measure.ROW, None, None, text)


def of_line(name: str, line: int, text: str) -> Fault:
    """A line of a manifest is wrong."""
    return Fault(name, Measure.LINE, line, line + 1, text)


def of_stored(name: str, start: int, end: int, text: str) -> Fault:
    """Bytes of the file as it is kept are wrong."""
    return Fault(name, Measure.STORED, start, end, text)


def of_content(name: str, start: int, end: int, text: str) -> Fault:
    """Bytes of the content are wrong, though the file holds together."""
    return Fault(name, Measure.CONTENT, start, end, text)
