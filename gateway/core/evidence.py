"""Words for what can be said of evidence after looking at it."""

from enum import StrEnum


class Soundness(StrEnum):
    """whole: every byte is what was recorded; damaged: not so, and it is known where; unknown: could not be looked at."""

    WHOLE = "whole"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"
