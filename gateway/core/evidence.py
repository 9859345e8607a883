"""Vocabulary for the result of a verification."""

from enum import StrEnum


class Soundness(StrEnum):
    """whole: every byte is what was recorded; damaged: some are not, and it is known where; unknown: could not be checked."""

    WHOLE = "whole"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"
