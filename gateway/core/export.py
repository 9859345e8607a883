"""Kinds of exports."""

from enum import StrEnum


class ExportKind(StrEnum):
    """bundle: everything with proofs and a verifier; clip: a part of the video; redacted: the video with parts covered."""

    BUNDLE = "bundle"
    CLIP = "clip"
    REDACTED = "redacted"
