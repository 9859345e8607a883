"""The interface of an OCR engine, which reads a cropped line of text.

Implemented in `workers/desktop/ocr/engines/`, one file each, and chosen by `workers.desktop.ocr.engines.load_engine` from the setting
`ocr_engine`.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from gateway.core.errors import UnavailableError
from workers.desktop.ocr.lines import Image


class EngineError(UnavailableError):
    """An engine cannot be loaded, or failed. The text says which one and what is missing."""


class Word(NamedTuple):
    """A word and its place: `x` and `width` in pixels of the line image."""

    text: str
    x: float
    width: float


class ReadLine(NamedTuple):
    """The result for one line image.

    `text` is "" if nothing in it is readable; `confidence` is 0..1; `alternatives` are other readings of the same line
    that are likely enough to be searched (0 for O, a lost underscore), best first, without `text` itself.
    """

    text: str
    confidence: float
    words: tuple[Word, ...] = ()
    alternatives: tuple[str, ...] = ()


UNREADABLE = ReadLine("", 0.0)


class Engine(Protocol):
    """Read lines. Loaded once and kept for the life of a worker process; not to be shared between threads.

    `name` and `version` go into the provenance of every reading, so that a text can be traced to its engine.
    """

    name: str
    version: str

    def read(self, lines: Sequence[Image]) -> list[ReadLine]:
        """Return one result per line, in order.

        `lines` are grey levels (height, width), black on white with a white margin.

        Raises EngineError if the engine itself fails; an unreadable line is an empty text, never an error.
        """
        ...
