"""Turn key events into typed lines, with the operator's corrections applied.

A line ends at Enter, a click elsewhere, a long pause, or its length limit. The line is shown as it ended up. Deleted
text is kept as an alternative that is searched but not shown: a secret typed in the wrong place and deleted was still
typed. The same goes for the dead keys of a composed letter.
"""

import unicodedata
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from gateway.core.recording.states import SpanSource
from gateway.renditions.spans import Span
from workers.desktop.text import dead_keys, keysyms
from workers.desktop.text.keysyms import (
    ALT,
    ALTGR,
    BACKSPACE,
    CTRL,
    DELETE,
    END,
    ENTER,
    HOME,
    LEFT,
    MODIFIERS,
    RIGHT,
    SHIFT,
    Key,
    key_of,
)

# After a longer pause the operator begins something new. Without this an unfinished line could last for hours.
PAUSE_MS: Final = 60_000
# A longer line is auto-typed or an attack; it continues in the next span.
MAX_KEYS: Final = 2000
# Keys held down at once: ten fingers.
_MAX_HELD: Final = 16

_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

NO_KEYFRAME: Final = -1


class KeyPress(NamedTuple):
    """A `key` instruction, with its time and its bytes in the original."""

    keysym: int
    pressed: bool
    at_ms: int
    start_byte: int
    end_byte: int


@dataclass
class _Line:
    """`shown`: the line's characters and `<Names>`, with the caret at `caret`; `all`: every key, in order.

    `dead`: the dead keys just typed. Until a letter is composed with them, they stand before the caret by their
    numbers. `high`: the high surrogate just typed, or 0.
    """

    start_ms: int
    start_byte: int
    end_ms: int = 0
    end_byte: int = 0
    shown: list[str] = field(default_factory=list)
    all: list[str] = field(default_factory=list)
    caret: int = 0
    dead: list[int] = field(default_factory=list)
    high: int = 0

    def put(self, piece: str, *, instead_of: int = 0) -> None:
        """Insert at the caret, replacing `instead_of` pieces before it."""
        self.shown[self.caret - instead_of : self.caret] = [piece]
        self.caret += 1 - instead_of

    def put_character(self, character: str) -> None:
        """Insert a typed character, composed with the dead keys before it."""
        one = dead_keys.composed(self.dead, character) if self.dead else ""
        self.put(one or character, instead_of=len(self.dead) if one else 0)
        self.dead.clear()

    def put_dead(self, keysym: int, piece: str) -> None:
        """Insert a dead key; the same one twice types its accent."""
        twice = dead_keys.spacing(keysym) if self.dead == [keysym] else ""
        if twice:
            self.put(twice, instead_of=1)
            self.dead.clear()
        else:
            self.put(piece)
            self.dead.append(keysym)

    def put_half(self, high: int, low: int) -> None:
        """Insert half a surrogate pair: halves are joined, and a repeated half of the previous character is dropped."""
        before = self.shown[self.caret - 1] if self.caret else ""
        if low and self.high:
            self.put(keysyms.joined(self.high, low), instead_of=1)
            self.all[-1] = self.shown[self.caret - 1]
        elif not (low and _is_character(before) and keysyms.low_half_of(before) == low):
            self.put(_REPLACEMENT)
            self.all.append(_REPLACEMENT)
        self.high = high
        self.dead.clear()

    def edit(self, keysym: int) -> bool:
        """Apply an editing key. Return False if the key is not one, or would affect what is not known of the line."""
        if keysym == BACKSPACE and self._takes_back(self.caret - 1):
            self.caret -= 1
            del self.shown[self.caret]
        elif keysym == DELETE and self._takes_back(self.caret):
            del self.shown[self.caret]
        elif keysym == LEFT and self._takes_back(self.caret - 1):
            self.caret -= 1
        elif keysym == RIGHT and self._takes_back(self.caret):
            self.caret += 1
        elif keysym in {HOME, END} and all(map(_is_character, self.shown)):
            self.caret = 0 if keysym == HOME else len(self.shown)
        else:
            return False
        return True

    def _takes_back(self, index: int) -> bool:
        """Whether there is a typed character at `index`. The effect of a `<Name>` on the line is not known."""
        return 0 <= index < len(self.shown) and _is_character(self.shown[index])

    def span(self) -> Span | None:
        shown, whole = _text(self.shown), _text(self.all)
        if not whole:
            return None
        return Span(
            text=shown or whole,
            place=None,
            start_ms=self.start_ms,
            end_ms=max(self.end_ms, self.start_ms + 1),
            confidence=1.0,
            keyframe=NO_KEYFRAME,
            start_byte=self.start_byte,
            end_byte=self.end_byte,
            alternatives=(whole,) if shown and whole != shown else (),
            source=SpanSource.KEYS,
        )


class Typing:
    """Process key events in order. Each method returns the span of the line it ended, or None."""

    def __init__(self) -> None:
        self._held: dict[int, str] = {}
        self._line: _Line | None = None

    def key(self, event: KeyPress) -> Span | None:
        """Process the next event."""
        event = event._replace(keysym=keysyms.plain_keysym(event.keysym))
        if event.keysym in MODIFIERS:
            self._hold(event)
            return None
        if not event.pressed:
            return None
        if event.keysym in ENTER and not self._command():
            if self._line:
                self._line.end_ms, self._line.end_byte = event.at_ms, event.end_byte
            return self.end()
        ended = self.end() if self._is_over(event.at_ms) else None
        self._press(event)
        return ended

    def end(self) -> Span | None:
        """End the current line, because something else begins."""
        line, self._line = self._line, None
        return line.span() if line else None

    def _is_over(self, at_ms: int) -> bool:
        line = self._line
        return line is not None and (at_ms - line.end_ms > PAUSE_MS or len(line.all) >= MAX_KEYS)

    def _hold(self, event: KeyPress) -> None:
        if not event.pressed:
            self._held.pop(event.keysym, None)
        elif len(self._held) < _MAX_HELD:
            self._held[event.keysym] = MODIFIERS[event.keysym]

    def _command(self, key: Key | None = None) -> list[str]:
        """Return held modifiers, as pressed in order, if they turn the key into a command; Shift alone does not.

        Windows reports AltGr as Ctrl and Alt, and browsers pass that on. With these, a character other than an ASCII
        letter was typed with AltGr; ASCII letters are commands.
        """
        held = list(dict.fromkeys(self._held.values()))
        if set(held) <= {SHIFT, ALTGR}:
            return []
        is_altgr = CTRL in held and set(held) <= {SHIFT, CTRL, ALT, ALTGR} and set(held) & {ALT, ALTGR}
        if is_altgr and key and key.is_character and not keysyms.is_letter_of_ascii(key.text):
            return []
        return [name for name in held if name != ALTGR]

    def _press(self, event: KeyPress) -> None:
        key = key_of(event.keysym)
        is_dead = dead_keys.is_dead(event.keysym)
        command = self._command(key._replace(is_character=key.is_character or is_dead))
        if not key.text:
            return
        line = self._line = self._line or _Line(event.at_ms, event.start_byte)
        line.end_ms, line.end_byte = event.at_ms, event.end_byte
        high, low = keysyms.high_surrogate(event.keysym), keysyms.low_surrogate(event.keysym)
        if (high or low) and not command:
            line.put_half(high, low)
            return
        line.high = 0
        shift = [name for name in self._held.values() if name == SHIFT][:1]
        piece = _piece(key.text, command or ([] if is_dead else shift), plain=key.is_character and not command)
        line.all.append(piece)
        if is_dead and not command:
            line.put_dead(event.keysym, piece)
        elif key.is_character and not command:
            line.put_character(piece)
        else:
            line.dead.clear()
            if command or not line.edit(event.keysym):
                line.put(piece)


def _piece(text: str, modifiers: list[str], *, plain: bool) -> str:
    """Return a character unchanged, anything else as `<Tab>`, `<Shift+Tab>`, `<Ctrl+C>`. A typed `<` is not escaped."""
    if plain:
        return text
    # `ß` becomes two letters in upper case, and longer names are written as they are.
    name = text.upper() if len(text) == len(text.upper()) == 1 else text
    return f"<{'+'.join([*modifiers, name])}>"


def _text(pieces: list[str]) -> str:
    """Join and compose the pieces: some keyboards type an accent after its letter."""
    return unicodedata.normalize("NFC", "".join(pieces)).strip()


def _is_character(piece: str) -> bool:
    return len(piece) == 1
