"""Two engines that make different errors: a fast one for every line, and a second one where the first is unsure.

The reading with the higher confidence is used; the other one is kept as an alternative, because the text being searched
for may be the less likely one.
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
    """Return the more confident of two readings of one line, with the other's text as its alternative if it differs.

    If they differ only in spaces, the one with more spaces is used: PP-OCR is confident about letters but loses spaces
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
