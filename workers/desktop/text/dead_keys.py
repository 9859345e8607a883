"""Dead keys: accents that are typed before their letter.

Unicode defines the combinations: a letter and its marks become one character if NFC composes them. Strokes, currencies,
Greek letters and hooks have no decomposition; their tables come from `Compose` in X.Org's libX11 (en_US.UTF-8, MIT
licence).
"""
# ruff: noqa: RUF001 - Greek letters and currencies look like Latin letters

import unicodedata
from collections.abc import Sequence
from itertools import permutations
from typing import Final

# The combining mark of each dead key, and what it types before a space (X11/keysymdef.h, XK_dead_*).
_DEAD: Final = {
    0xFE50: ("\u0300", "`"),  # grave
    0xFE51: ("\u0301", "´"),  # acute
    0xFE52: ("\u0302", "^"),  # circumflex
    0xFE53: ("\u0303", "~"),  # tilde, and the Greek perispomeni
    0xFE54: ("\u0304", "¯"),  # macron
    0xFE55: ("\u0306", "˘"),  # breve
    0xFE56: ("\u0307", "˙"),  # dot above
    0xFE57: ("\u0308", "¨"),  # diaeresis
    0xFE58: ("\u030a", "°"),  # ring above
    0xFE59: ("\u030b", "˝"),  # double acute
    0xFE5A: ("\u030c", "ˇ"),  # caron
    0xFE5B: ("\u0327", "¸"),  # cedilla
    0xFE5C: ("\u0328", "˛"),  # ogonek
    0xFE5D: ("\u0345", "ͺ"),  # iota below
    0xFE5E: ("\u3099", "゛"),  # voiced sound
    0xFE5F: ("\u309a", "゜"),  # semi-voiced sound
    0xFE60: ("\u0323", ""),  # dot below
    0xFE61: ("\u0309", ""),  # hook above
    0xFE62: ("\u031b", ""),  # horn
    0xFE63: ("\u0338", "/"),  # stroke
    0xFE64: ("\u0313", "᾿"),  # comma above, the Greek psili
    0xFE65: ("\u0314", "῾"),  # reversed comma above, the Greek dasia
    0xFE66: ("\u030f", ""),  # double grave
    0xFE67: ("\u0325", ""),  # ring below
    0xFE68: ("\u0331", ""),  # macron below
    0xFE69: ("\u032d", ""),  # circumflex below
    0xFE6A: ("\u0330", ""),  # tilde below
    0xFE6B: ("\u032e", ""),  # breve below
    0xFE6C: ("\u0324", ""),  # diaeresis below
    0xFE6D: ("\u0311", ""),  # inverted breve
    0xFE6E: ("\u0326", ","),  # comma below
    0xFE6F: ("", "¤"),  # currency
    0xFE8C: ("", "µ"),  # Greek
    0xFE90: ("\u0332", "_"),  # low line
    0xFE91: ("\u030d", ""),  # vertical line above
    0xFE92: ("\u0329", ""),  # vertical line below
    0xFE93: ("\u0338", "/"),  # long solidus
}
_TILDE, _PERISPOMENI = "\u0303", "\u0342"
_WITHOUT_DECOMPOSITION: Final = {
    0xFE61: ("BbCcDdFfGghKkMmNnPpqrsTtVvWwZz", "ƁɓƇƈƊɗƑƒƓɠɦƘƙⱮɱƝɲƤƥʠɼʂƬƭƲʋⱲⱳȤȥ"),
    0xFE63: ("AaBbCcDdEeGgHhIiJjLlOoPpRrTtUuYyZz2", "ȺⱥɃƀȻȼĐđɆɇǤǥĦħƗɨɈɉŁłØøⱣᵽɌɍŦŧɄʉɎɏƵƶƻ"),
    0xFE6F: ("AaBbCcDdEeFfGgHhIiKkLlMmNnOoPprRSsTtUuWwYy", "₳؋₱฿₡¢₯₫₠€₣ƒ₲₲₴₴៛﷼₭₭₤£ℳ₥₦₦૱௹₧₰₢₨$₪₮৳圓元₩₩円¥"),
    0xFE8C: ("AaBbDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuWwXxYyZz", "ΑαΒβΔδΕεΦφΓγΗηΙιΘθΚκΛλΜμΝνΟοΠπΧχΡρΣσΤτΥυΩωΞξΨψΖζ"),
}
_LETTERS: Final = {key: dict(zip(*pair, strict=True)) for key, pair in _WITHOUT_DECOMPOSITION.items()}
_SPACES: Final = frozenset(" \u00a0")
# Greek has three on one letter; the permutations of more are not worth trying.
_MOST_MARKS: Final = 4


def is_dead(keysym: int) -> bool:
    """Whether the key types nothing before the next one is pressed."""
    return keysym in _DEAD


def spacing(keysym: int) -> str:
    """Return what the dead key types when pressed twice or before a space; "" if that is not a single character."""
    return _DEAD[keysym][1]


def composed(dead: Sequence[int], character: str) -> str:
    """Compose dead keys with the `character` typed after them; "" if they make no single character."""
    if character in _SPACES:
        return spacing(dead[0]) if len(dead) == 1 else ""
    marks = []
    for keysym in dead:
        with_it = _LETTERS.get(keysym, {}).get(character, "")
        mark = _DEAD[keysym][0]
        if not with_it and not mark:
            return ""
        character = with_it or character
        marks += [] if with_it else [mark]
    return _with_marks(character, marks)


def _with_marks(character: str, marks: Sequence[str]) -> str:
    """Try every order of the marks: they are typed in any order, but NFC composes only one."""
    decomposed = unicodedata.normalize("NFD", character)
    base, wanted = decomposed[0], [*decomposed[1:], *marks]
    if len(wanted) > _MOST_MARKS:
        return ""
    for task in permutations(wanted):
        for typed in ("".join(task), "".join(task).replace(_TILDE, _PERISPOMENI)):
            one = unicodedata.normalize("NFC", base + typed)
            if len(one) == 1:
                return one
    return ""
