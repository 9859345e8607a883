"""X11 keysyms as text: the character a key types, or its name.

Used by `workers.text.typed`. Numbers are those of X11's keysymdef.h, which the `key` instruction carries (Guacamole
manual, "key").
"""

from typing import Final, NamedTuple

BACKSPACE: Final = 0xFF08
ENTER: Final = frozenset({0xFF0A, 0xFF0D, 0xFF8D})  # line feed, Return, Enter of the keypad
LEFT, RIGHT, HOME, END, DELETE = 0xFF51, 0xFF53, 0xFF50, 0xFF57, 0xFFFF

SHIFT: Final = "Shift"
# Shift and AltGr are part of what character a key types; the others make a command of it.
MODIFIERS: Final = {
    0xFFE1: SHIFT,
    0xFFE2: SHIFT,
    0xFFE3: "Ctrl",
    0xFFE4: "Ctrl",
    0xFFE7: "Meta",
    0xFFE8: "Meta",
    0xFFE9: "Alt",
    0xFFEA: "Alt",
    0xFFEB: "Super",
    0xFFEC: "Super",
    0xFFED: "Hyper",
    0xFFEE: "Hyper",
}
# Keys that only change how others are read: AltGr, Caps Lock, Num Lock, Mode_switch, Shift Lock, dead keys' compose.
_SILENT: Final = frozenset({0xFE03, 0xFFE5, 0xFF7F, 0xFF7E, 0xFFE6, 0xFF20})
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
    0xFF61: "Print",
    0xFF63: "Insert",
    0xFF67: "Menu",
    0xFF89: "Tab",
    0xFF95: "Home",
    0xFF96: "Left",
    0xFF97: "Up",
    0xFF98: "Right",
    0xFF99: "Down",
    0xFF9A: "PageUp",
    0xFF9B: "PageDown",
    0xFF9C: "End",
    0xFF9E: "Insert",
    0xFF9F: "Delete",
    DELETE: "Delete",
    **{0xFFBE + number: f"F{number + 1}" for number in range(24)},
}
# The keypad types what the ASCII character of the low seven bits is: 0xFFAA `*` to 0xFFB9 `9`, 0xFF80 space, 0xFFBD `=`.
_KEYPAD: Final = frozenset({0xFF80, 0xFFBD, *range(0xFFAA, 0xFFBA)})
_UNICODE: Final = 0x01000000
_LAST_CODE_POINT: Final = 0x10FFFF


class Key(NamedTuple):
    """What a keysym stands for: `text` is one character when `is_character`, else a name; empty for silent keys."""

    text: str
    is_character: bool


def key_of(keysym: int) -> Key:
    """The key; one that has neither character nor name is called by its number (`0xFD05`)."""
    if keysym in _SILENT:
        return Key("", is_character=False)
    if keysym in _NAMES:
        return Key(_NAMES[keysym], is_character=False)
    character = _character(keysym)
    # Line breaks, control characters and halves of surrogate pairs are not printable: they get their number.
    if character and character.isprintable():
        return Key(character, is_character=True)
    return Key(f"0x{keysym:04X}", is_character=False)


def _character(keysym: int) -> str:
    """Latin-1 keysyms are their own code points; from 0x01000000 on they are Unicode's."""
    if keysym in _KEYPAD:
        return chr(keysym & 0x7F)
    code = keysym - _UNICODE if keysym >= _UNICODE else keysym
    is_latin = 0 < keysym <= 0xFF  # noqa: PLR2004 - the last character of Latin-1
    return chr(code) if is_latin or _UNICODE <= keysym <= _UNICODE + _LAST_CODE_POINT else ""
