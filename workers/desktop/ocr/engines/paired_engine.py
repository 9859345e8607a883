"""Two engines that err differently: a fast one for every line, a second opinion where the first is not sure.

The reading with the higher confidence leads; the other one is kept as an alternative, because what is searched for
need not be what looks likelier.
"""

from collections.abc import Sequence
from typing import Final

from workers.desktop.ocr.engine import Engine, ReadLine
from workers.desktop.ocr.lines import Image

_SURE: Final = 0.97


class PairedEngine(Engine):
    """See `workers.desktop.ocr.engine.Engine`."""

    name = "paired"

    def __init__(self, first: Engine, second: Engine) -> None:
        self._first, self._second = first, second
        self.version = f"{first.name} {first.version} + {second.name} {second.version}"

    def read(self, lines: Sequence[Image]) -> list[ReadLine]:
        readings = self._first.read(lines)
        unsure = [at for at, reading in enumerate(readings) if reading.confidence < _SURE]
        for at, other in zip(unsure, self._second.read([lines[at] for at in unsure]), strict=True):
            readings[at] = merge(readings[at], other)
        return readings


def merge(one: ReadLine, other: ReadLine) -> ReadLine:
    """The more confident of two readings of one line, with the other's text as its alternative if it differs.

    Where they differ in blanks alone, the one with more of them leads: PP-OCR is sure of its letters and loses the blanks
    between digits.
    """
    best, rest = (one, other) if one.confidence >= other.confidence else (other, one)
    if "".join(rest.text.split()) == "".join(best.text.split()):
        if len(rest.text) <= len(best.text):
            return best
        best, rest = rest._replace(confidence=best.confidence), best
    if not rest.text:
        return best
    return best._replace(alternatives=(rest.text,))
