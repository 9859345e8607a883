"""X11 keysyms as text: the character a key types, or its name.

Numbers are those of X11's keysymdef.h, which the `key` instruction carries (Guacamole manual, "key").
"""

import unicodedata
from typing import Final, NamedTuple

from workers.desktop.text.legacy_keysyms import CHARACTERS

BACKSPACE: Final = 0xFF08
ENTER: Final = frozenset({0xFF0A, 0xFF0D, 0xFF8D, 0xFE34})  # line feed, Return, Enter of the keypad, ISO_Enter
LEFT, RIGHT, HOME, END, DELETE = 0xFF51, 0xFF53, 0xFF50, 0xFF57, 0xFFFF

SHIFT, CTRL, ALT, ALTGR = "Shift", "Ctrl", "Alt", "AltGr"
# Shift and AltGr select the character a key types; other modifiers turn it into a command.
MODIFIERS: Final = {
    0xFFE1: SHIFT,
    0xFFE2: SHIFT,
    0xFFE3: CTRL,
    0xFFE4: CTRL,
    0xFFE7: "Meta",
    0xFFE8: "Meta",
    0xFFE9: ALT,
    0xFFEA: ALT,
    0xFFEB: "Super",
    0xFFEC: "Super",
    0xFFED: "Hyper",
    0xFFEE: "Hyper",
    0xFE03: ALTGR,  # ISO_Level3_Shift
    0xFE11: ALTGR,  # ISO_Level5_Shift
    0xFF7E: ALTGR,  # Mode_switch
}
# Keys that only modify others: Caps Lock, Num Lock, Shift Lock, Compose, latches and locks of levels and groups.
_SILENT: Final = frozenset({0xFFE5, 0xFF7F, 0xFFE6, 0xFF20, *range(0xFE01, 0xFE10), *range(0xFE11, 0xFE14)})
_NAMES: Final = {
    BACKSPACE: "Backspace",
    0xFF09: "Tab",
    0xFE20: "Tab",  # ISO_Left_Tab: Shift+Tab on X11
    0xFF0B: "Clear",
    0xFF13: "Pause",
    0xFF14: "ScrollLock",
    0xFF15: "SysRq",
    0xFF1B: "Escape",
    HOME: "Home",
    LEFT: "Left",
    0xFF52: "Up",
    RIGHT: "Right",
    0xFF54: "Down",
    0xFF55: "PageUp",
    0xFF56: "PageDown",
    END: "End",
    0xFF58: "Begin",
    0xFF61: "Print",
    0xFF63: "Insert",
    0xFF67: "Menu",
    DELETE: "Delete",
    **{0xFFBE + number: f"F{number + 1}" for number in range(24)},
}
# Keypad keys with the same effect as another key.
_SAME: Final = {
    0xFF89: 0xFF09,  # Tab
    **{0xFF91 + number: 0xFFBE + number for number in range(4)},  # F1 to F4
    0xFF95: HOME,
    **{0xFF96 + number: LEFT + number for number in range(4)},  # Left, Up, Right, Down
    0xFF9A: 0xFF55,  # PageUp
    0xFF9B: 0xFF56,  # PageDown
    0xFF9C: END,
    0xFF9D: 0xFF58,  # Begin: 5 without Num Lock
    0xFF9E: 0xFF63,  # Insert
    0xFF9F: DELETE,
}
# These keypad keys type the ASCII character of their low seven bits: 0xFFAA `*` to 0xFFB9 `9`, 0xFF80 space, 0xFFBD
# `=`.
_KEYPAD: Final = frozenset({0xFF80, 0xFFBD, *range(0xFFAA, 0xFFBA)})
_UNICODE: Final = 0x01000000
_LAST_CODE_POINT: Final = 0x10FFFF


_HIGH, _LOW, _END_OF_SURROGATES = 0xD800, 0xDC00, 0xE000
# Joiners in emoji and Persian words: format characters, but part of the text.
_JOINERS: Final = "\u200c\u200d"


class Key(NamedTuple):
    """The meaning of a keysym: `text` is one character if `is_character`, else a name, empty for silent keys."""

    text: str
    is_character: bool


def plain_keysym(keysym: int) -> int:
    """Return the keysym of the equivalent key outside the keypad."""
    return _SAME.get(keysym, keysym)


def key_of(keysym: int) -> Key:
    """Return the key. One with neither character nor name is named by its number (`0xFD05`)."""
    if keysym in _SILENT:
        return Key("", is_character=False)
    if keysym in _NAMES:
        return Key(_NAMES[keysym], is_character=False)
    character = _character(keysym)
    if character and is_text(character):
        return Key(character, is_character=True)
    return Key(f"0x{keysym:04X}", is_character=False)


def is_text(character: str) -> bool:
    """Whether the character can be part of a line: no line break, control character or half of a surrogate pair."""
    return character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs"


def is_letter_of_ascii(text: str) -> bool:
    """Whether this is A to Z in either case: the letters used in commands."""
    return text.isascii() and text.isalpha()


def high_surrogate(keysym: int) -> int:
    """Return the high surrogate that the keysym stands for; 0 if it is not one."""
    return _code_within(keysym, _HIGH, _LOW)


def low_surrogate(keysym: int) -> int:
    """Return the low surrogate that the keysym stands for; 0 if it is not one."""
    return _code_within(keysym, _LOW, _END_OF_SURROGATES)


def joined(high: int, low: int) -> str:
    """Return the character of a surrogate pair (Unicode Standard, 3.9, UTF-16)."""
    return chr(0x10000 + ((high - _HIGH) << 10) + low - _LOW)


def low_half_of(character: str) -> int:
    """Return the low surrogate of the character in UTF-16; 0 if it needs no surrogates."""
    code = ord(character)
    return _LOW + (code & 0x3FF) if code > 0xFFFF else 0  # noqa: PLR2004 - the last one of the basic plane


def _code_within(keysym: int, first: int, end: int) -> int:
    code = keysym - _UNICODE
    return code if first <= code < end else 0


def _character(keysym: int) -> str:
    """Return the character: Latin-1 keysyms are code points, and so are those from 0x01000000 on, less that offset."""
    if keysym in _KEYPAD:
        return chr(keysym & 0x7F)
    code = keysym - _UNICODE if keysym >= _UNICODE else keysym
    is_latin = 0 < keysym <= 0xFF  # noqa: PLR2004 - the last character of Latin-1
    if is_latin or _UNICODE <= keysym <= _UNICODE + _LAST_CODE_POINT:
        return chr(code)
    return CHARACTERS.get(keysym, "")
