"""Lines from key events: what stands there in the end, and what was taken back."""

import pytest
from hypothesis import given, strategies as st

from gateway.core.recording.states import SpanSource
from workers.ocr.spans import Span
from workers.text.typed import MAX_KEYS, PAUSE_MS, KeyPress, Typing

KEYS = {
    "Enter": 0xFF0D,
    "Back": 0xFF08,
    "Tab": 0xFF09,
    "Left": 0xFF51,
    "Right": 0xFF53,
    "Home": 0xFF50,
    "End": 0xFF57,
    "Del": 0xFFFF,
    "Up": 0xFF52,
    "Ctrl": 0xFFE3,
    "Alt": 0xFFE9,
    "Shift": 0xFFE1,
    "AltGr": 0xFE03,
    "F5": 0xFFC2,
    "KP7": 0xFFB7,
    "KPEnter": 0xFF8D,
}


class Keyboard:
    """Presses keys 100 ms apart, each an instruction of 10 bytes."""

    def __init__(self) -> None:
        self.typing = Typing()
        self.now_ms = 0
        self.spans: list[Span] = []

    def send(self, keysym: int, *, pressed: bool) -> None:
        at = self.now_ms // 10
        span = self.typing.key(KeyPress(keysym, pressed, self.now_ms, at, at + 10))
        self.spans += [span] if span else []
        self.now_ms += 100

    def tap(self, *keys: str | int) -> "Keyboard":
        """Characters, names of KEYS, keysyms; `+Ctrl` and `-Ctrl` press and let go."""
        for key in keys:
            if isinstance(key, str) and key[0] in "+-" and key[1:] in KEYS:
                self.send(KEYS[key[1:]], pressed=key[0] == "+")
                continue
            keysym = key if isinstance(key, int) else KEYS.get(key) or ord(key)
            self.send(keysym, pressed=True)
            self.send(keysym, pressed=False)
        return self

    def texts(self) -> list[str]:
        last = self.typing.end()
        return [span.text for span in [*self.spans, *([last] if last else [])]]


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["l", "s", " ", "-", "l"], "ls -l"),
        (["t", "e", "h", "Back", "Back", "h", "e"], "the"),
        (["a", "c", "Left", "b", "End", "d"], "abcd"),
        (["b", "c", "Home", "a", "Right", "Del"], "ab"),
        (["Back", "x"], "<Backspace>x"),
        (["Up", "Back", "x"], "<Up><Backspace>x"),
        (["+Ctrl", "c", "-Ctrl"], "<Ctrl+C>"),
        (["a", "+Ctrl", "+Shift", "v", "-Shift", "-Ctrl", "b"], "a<Ctrl+Shift+V>b"),
        (["+Shift", "A", "-Shift", "b"], "Ab"),
        (["+Shift", "Tab", "-Shift"], "<Shift+Tab>"),
        (["+Ctrl", "Back", "-Ctrl"], "<Ctrl+Backspace>"),
        (["+Ctrl", "Enter", "-Ctrl", "x"], "<Ctrl+0xFF0D>x"),
        (["+AltGr", "@", "-AltGr"], "@"),
        (["F5", "Tab", "KP7"], "<F5><Tab>7"),
        ([0xE4, 0x010020AC, 0x0101F600], "ä€😀"),
        ([0x0100D800, 0x01000000, 0x1FFFFFFF], "<0x100D800><0x1000000><0x1FFFFFFF>"),
    ],
)
def test_a_line_is_what_was_left_of_it(keys: list[str | int], text: str) -> None:
    assert Keyboard().tap(*keys).texts() == [text]


def test_enter_ends_a_line_and_says_when_and_where_it_was_typed() -> None:
    keyboard = Keyboard().tap("l", "s", "Enter", "KPEnter", "w", "KPEnter")
    assert [(span.text, span.start_ms, span.end_ms, span.start_byte, span.end_byte) for span in keyboard.spans] == [
        ("ls", 0, 400, 0, 50),
        ("w", 800, 1000, 80, 110),
    ]
    assert {(span.source, span.box.area, span.confidence) for span in keyboard.spans} == {(SpanSource.KEYS, 0, 1.0)}


def test_what_was_taken_back_can_be_searched_and_is_not_shown() -> None:
    keyboard = Keyboard().tap("p", "w", "Back", "Back", "i", "d", "Enter")
    assert [(span.text, span.alternatives) for span in keyboard.spans] == [("id", ("pw<Backspace><Backspace>id",))]


def test_a_line_that_was_taken_back_whole_is_kept_all_the_same() -> None:
    assert Keyboard().tap("p", "w", "Back", "Back", "Enter").spans[0].text == "pw<Backspace><Backspace>"


def test_a_long_pause_begins_a_new_line() -> None:
    keyboard = Keyboard().tap("a")
    keyboard.now_ms += PAUSE_MS
    assert keyboard.tap("b").texts() == ["a", "b"]


def test_a_line_without_end_is_cut() -> None:
    texts = Keyboard().tap(*"x" * (MAX_KEYS + 5)).texts()
    assert [len(text) for text in texts] == [MAX_KEYS, 5]


@given(st.lists(st.tuples(st.one_of(st.sampled_from(list(KEYS.values())), st.integers(0, 2**29)), st.booleans())))
def test_any_keys_give_text_that_can_be_written(events: list[tuple[int, bool]]) -> None:
    keyboard = Keyboard()
    for keysym, pressed in events:
        keyboard.send(keysym, pressed=pressed)
    for text in keyboard.texts():
        assert text.strip()
        assert text.encode().decode() == text
