"""Text that is safe to show on a terminal."""

import unicodedata
from typing import Final

_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    """Replace what a terminal would interpret or reorder: control and format characters, line breaks, lone surrogates.

    Names, file names and text from a screen may contain escape sequences or bidirectional overrides. Every kind of
    space becomes a plain one.
    """
    if text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def is_printable(text: str) -> bool:
    """Whether the text can be shown unchanged."""
    return _REPLACEMENT not in printable(text.replace(_REPLACEMENT, ""))


def _shown(char: str) -> str:
    if char.isprintable():
        return char
    return " " if unicodedata.category(char) == "Zs" else _REPLACEMENT
