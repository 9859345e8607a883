"""Lines that were typed, from key events, with the operator's corrections applied.

Used by `workers.text.extraction`. A line ends at Enter, a click elsewhere, a long pause, or its bound. What is shown is the
line as it stood then; what was taken back is kept as another reading, to be searched and not shown: a secret that was
typed in the wrong place and deleted was still typed.
"""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from gateway.core.recording.geometry import Box
from gateway.core.recording.states import SpanSource
from workers.ocr.spans import Span
from workers.text.keysyms import BACKSPACE, DELETE, END, ENTER, HOME, LEFT, MODIFIERS, RIGHT, SHIFT, key_of

# Who thinks for longer than this begins something new; else one line left standing would last for hours.
PAUSE_MS: Final = 60_000
# A line longer than this is a program's (auto-typed) or an attack; it goes on in the next span.
MAX_KEYS: Final = 2000
# Keys held at once; ten fingers.
_MAX_HELD: Final = 16

NOWHERE: Final = Box(0, 0, 0, 0)
NO_KEYFRAME: Final = -1


class KeyPress(NamedTuple):
    """A `key` instruction, with its time and place in the original."""

    keysym: int
    pressed: bool
    at_ms: int
    start_byte: int
    end_byte: int


@dataclass
class _Line:
    """`shown`: the line's characters and `<Names>`, with the caret at `caret`; `all`: every key in its order."""

    start_ms: int
    start_byte: int
    end_ms: int = 0
    end_byte: int = 0
    shown: list[str] = field(default_factory=list)
    all: list[str] = field(default_factory=list)
    caret: int = 0

    def put(self, piece: str) -> None:
        self.shown.insert(self.caret, piece)
        self.caret += 1

    def edit(self, keysym: int) -> bool:
        """Apply a key that corrects; False when it is none, or reaches beyond what is known of the line."""
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
        """Whether there is a typed character at `index`: what a `<Name>` did to the line is not known."""
        return 0 <= index < len(self.shown) and _is_character(self.shown[index])

    def span(self) -> Span | None:
        shown, whole = "".join(self.shown).strip(), "".join(self.all).strip()
        if not whole:
            return None
        return Span(
            text=shown or whole,
            box=NOWHERE,
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
    """Takes key events in their order; each method gives the span of the line it ended, or None."""

    def __init__(self) -> None:
        self._held: dict[int, str] = {}
        self._line: _Line | None = None

    def key(self, event: KeyPress) -> Span | None:
        """The next event."""
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
        """What was typed so far is a line: something else begins."""
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

    def _command(self) -> list[str]:
        """Modifiers held, in the order they were pressed, when one of them makes commands; Shift alone does not."""
        held = list(dict.fromkeys(self._held.values()))
        return held if set(held) - {SHIFT} else []

    def _press(self, event: KeyPress) -> None:
        key, command = key_of(event.keysym), self._command()
        if not key.text:
            return
        line = self._line = self._line or _Line(event.at_ms, event.start_byte)
        line.end_ms, line.end_byte = event.at_ms, event.end_byte
        piece = _piece(key.text, command or list(self._held.values())[:1], plain=key.is_character and not command)
        line.all.append(piece)
        if command or not line.edit(event.keysym):
            line.put(piece)


def _piece(text: str, modifiers: list[str], *, plain: bool) -> str:
    """A character as it is; else `<Tab>`, `<Shift+Tab>`, `<Ctrl+C>`. A typed `<` stands for itself."""
    if plain:
        return text
    # `ß` has two capitals; a name keeps its own.
    name = text.upper() if len(text) == len(text.upper()) == 1 else text
    return f"<{'+'.join([*modifiers, name])}>"


def _is_character(piece: str) -> bool:
    return len(piece) == 1
