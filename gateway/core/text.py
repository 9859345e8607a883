"""Text that people send: what of Unicode may be in it."""

import re
from typing import Final

# Half of a surrogate pair has no UTF-8; PostgreSQL stores no NUL.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
# Control characters act on terminals; bidirectional controls make text read as something else (Unicode TR36, CVE-2021-42574).
_CONTROLS: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029"
_BIDI: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNPRINTABLE: Final = re.compile(f"[{_CONTROLS}{_BIDI}\ud800-\udfff\ufeff\ufffe\uffff]")
_LINES: Final = re.compile("[\t\n\r]")


def fault_in(text: str, *, lines: bool = False, secret: bool = False) -> str | None:
    """The first character that may not be in it, as its code point (`U+202E`); None when all may.

    With `lines` it may have several lines and tabs. A secret may hold all that can be stored.
    """
    found = (
        _UNSTORABLE.search(text) if secret else _UNPRINTABLE.search(text) or (None if lines else _LINES.search(text))
    )
    return None if found is None else f"U+{ord(found[0]):04X}"
