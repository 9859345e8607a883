"""A clipboard or file transferred between operator and target."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self


class Direction(StrEnum):
    """Direction of a transfer, seen from the target."""

    TO_TARGET = "to_target"
    FROM_TARGET = "from_target"


class TransferEnd(StrEnum):
    """whole: complete; cut: longer than what is kept, or damaged; unfinished: without an end; refused: by guacd."""

    WHOLE = "whole"
    CUT = "cut"
    UNFINISHED = "unfinished"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Transfer:
    """`direction` is None if the recording does not say (guacd's own recordings). `size_bytes` counts everything sent.

    `sha256` (hex) is of a file's content as far as it was seen; a clipboard has none.
    """

    direction: Direction | None
    end: TransferEnd
    mimetype: str
    size_bytes: int
    sha256: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return values for a JSON column and the spans file."""
        return asdict(self)

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        """Parse the result of `as_dict`. Raises ValueError, KeyError or TypeError."""
        return cls(
            direction=None if row["direction"] is None else Direction(row["direction"]),
            end=TransferEnd(row["end"]),
            mimetype=str(row["mimetype"]),
            size_bytes=int(row["size_bytes"]),
            sha256=None if row["sha256"] is None else str(row["sha256"]),
        )
