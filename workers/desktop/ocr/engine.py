"""What reads a cut-out line of text, as an interface.

Called by `workers.desktop.ocr.tracker` with the new lines of a keyframe; implemented in `workers/desktop/ocr/engines/`, one file each,
and chosen by `workers.desktop.ocr.engines.load_engine` from the setting `ocr_engine`.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from gateway.core.errors import UnavailableError
from workers.desktop.ocr.lines import Image


class EngineError(UnavailableError):
    """An engine cannot be loaded or broke down; the text says which one and what is missing."""


class Word(NamedTuple):
    """A word and where it stands: `x` and `width` in pixels of the line image that was read."""

    text: str
    x: float
    width: float


class ReadLine(NamedTuple):
    """What an engine made of one line image.

    `text` is "" when nothing in it is readable; `confidence` is 0..1; `alternatives` are other readings of the same
    line that are likely enough to be searched (0 for O, a lost underscore), best first, without `text` itself.
    """

    text: str
    confidence: float
    words: tuple[Word, ...] = ()
    alternatives: tuple[str, ...] = ()


UNREADABLE = ReadLine("", 0.0)


class Engine(Protocol):
    """Reads lines. Loaded once and kept for the life of a worker process; not to be shared between threads.

    `name` and `version` go into the provenance of every reading, so that a text can be traced to what made it.
    """

    name: str
    version: str

    def read(self, lines: Sequence[Image]) -> list[ReadLine]:
        """One result a line, in order. `lines` are grey levels (height, width), black on white with a white margin.

        Raises EngineError when the engine itself fails; a line it cannot read is an empty text, never an error.
        """
        ...
