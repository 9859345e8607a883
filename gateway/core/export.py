"""Kinds of copies that are made for somebody."""

from enum import StrEnum


class ExportKind(StrEnum):
    """bundle: everything with proofs and a verifier; clip: a piece of the video; redacted: the video with parts covered."""

    BUNDLE = "bundle"
    CLIP = "clip"
    REDACTED = "redacted"
