"""Words for what was found: how a hit fits, how a finding was judged. Pure."""

from enum import StrEnum


class Match(StrEnum):
    """How a hit fits. exact: letter by letter, but for case and accents; tolerant: when lookalikes count as the same."""

    EXACT = "exact"
    TOLERANT = "tolerant"


class Verdict(StrEnum):
    """What a person made of a finding; open until somebody has looked."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
