"""Vocabulary of findings: how a hit matches and how a finding was reviewed. Pure."""

from enum import StrEnum


class Match(StrEnum):
    """How a hit matches. exact: letter by letter, ignoring case and accents; tolerant: lookalikes count as the same."""

    EXACT = "exact"
    TOLERANT = "tolerant"


class Verdict(StrEnum):
    """A person's verdict on a finding; open until somebody has reviewed it."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
