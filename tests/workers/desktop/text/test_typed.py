"""Lines from key events: what stands there in the end, and what was taken back."""

import pytest
from hypothesis import given, strategies as st

from gateway.core.recording.states import SpanSource
from gateway.renditions.spans import Span
from workers.desktop.text.typed import MAX_KEYS, PAUSE_MS, KeyPress, Typing

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
    "Super": 0xFFEB,
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
        ([0x01000000, 0x1FFFFFFF], "<0x1000000><0x1FFFFFFF>"),
        (["a", 0xA0, 0x0100202F, "b"], "a\u00a0\u202fb"),
        (["e", 0x01000302], "ê"),
    ],
)
def test_a_line_is_what_was_left_of_it(keys: list[str | int], text: str) -> None:
    assert Keyboard().tap(*keys).texts() == [text]


GRAVE, ACUTE, CIRCUMFLEX, TILDE = 0xFE50, 0xFE51, 0xFE52, 0xFE53
DIAERESIS, RING, CARON, CEDILLA = 0xFE57, 0xFE58, 0xFE5A, 0xFE5B


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["f", CIRCUMFLEX, "e", "t", "e"], "fête"),
        ([DIAERESIS, "+Shift", "U", "-Shift", "b", "e", "r"], "Über"),
        ([TILDE, "n", ACUTE, "o", GRAVE, "e", RING, "a", CARON, "s", CEDILLA, "c"], "ñóèåšç"),
        ([0xFE59, "o", 0xFE5C, "a", 0xFE56, "z", 0xFE55, "a", 0xFE54, "a", 0xFE60, "a", 0xFE6E, "s"], "őążăāạș"),
        ([0xFE63, "l", 0xFE63, "O", 0xFE6F, "e", 0xFE8C, "l", 0xFE61, "b", 0xFE62, "o"], "łØ€λɓơ"),
        ([0xFE5E, 0x4B6, 0xFE5F, 0x4CA], "ガパ"),
        ([ACUTE, 0x7E1, 0xFE64, ACUTE, 0x7E1, TILDE, 0x7E1], "άἄᾶ"),
        ([CIRCUMFLEX, ACUTE, "a", ACUTE, CIRCUMFLEX, "a", CIRCUMFLEX, 0xE1], "ấấấ"),
        ([CIRCUMFLEX, " ", TILDE, 0xA0, ACUTE, ACUTE, DIAERESIS, DIAERESIS, "x"], "^~\u00b4¨x"),
        ([CIRCUMFLEX, "x"], "<0xFE52>x"),
        ([CIRCUMFLEX, ACUTE, "x"], "<0xFE52><0xFE51>x"),
        ([CIRCUMFLEX, "Back", "x"], "<0xFE52><Backspace>x"),
        ([CIRCUMFLEX, "Left", "e"], "<0xFE52><Left>e"),
        (["x", CIRCUMFLEX], "x<0xFE52>"),
        (["+Ctrl", CIRCUMFLEX, "-Ctrl", "e"], "<Ctrl+0xFE52>e"),
        (["+Ctrl", "+AltGr", TILDE, "-AltGr", "-Ctrl", "n"], "ñ"),
        (["a", "c", "Left", CIRCUMFLEX, "e", "Back", "b"], "abc"),
    ],
)
def test_dead_keys_make_a_letter_of_the_one_behind_them(keys: list[str | int], text: str) -> None:
    assert Keyboard().tap(*keys).texts() == [text]


def test_the_keys_of_a_composed_letter_can_be_searched() -> None:
    keyboard = Keyboard().tap("f", CIRCUMFLEX, "e", "t", "e", "Enter")
    assert [(span.text, span.alternatives) for span in keyboard.spans] == [("fête", ("f<0xFE52>ete",))]


@pytest.mark.parametrize(
    ("keysyms", "text"),
    [
        ([0x6D0, 0x6C1, 0x6D2, 0x6CF, 0x6CC, 0x6D8], "пароль"),
        ([0x20AC, 0xEFF], "€₩"),
        ([0x1A1, 0x1B3, 0x2A1, 0x2B9, 0x3A2, 0x3F9, 0x13BC, 0x13BE], "ĄłĦıĸųŒŸ"),
        ([0x4B1, 0x4DD, 0x5C7, 0x7C1, 0x7E1, 0xCE0, 0xDA1, 0xEA1], "アンاΑαאกㄱ"),
        ([0x8A2, 0x8BD, 0x8FC, 0x9E0, 0xAD2, 0xAF1, 0xBDC], "┌≠↑◆“†⊣"),
    ],
)
def test_keysyms_from_before_unicode_type_their_characters(keysyms: list[int], text: str) -> None:
    assert Keyboard().tap(*keysyms).texts() == [text]


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["u", "+Ctrl", "+AltGr", "@", "-AltGr", "-Ctrl", "h"], "u@h"),
        (["u", "+Ctrl", "+Alt", "@", "-Alt", "-Ctrl", "h"], "u@h"),
        (["+Ctrl", "+Alt", "+Shift", "{", "-Shift", "7", 0x20AC, "-Alt", "-Ctrl"], "{7€"),
        (["+Ctrl", "+Alt", 0x1B1, "-Alt", "-Ctrl"], "ą"),
        (["+Ctrl", "+Alt", "e", "+Shift", "E", "-Shift", "-Alt", "-Ctrl"], "<Ctrl+Alt+E><Ctrl+Alt+Shift+E>"),
        (["+Ctrl", "+AltGr", "e", "-AltGr", "-Ctrl"], "<Ctrl+E>"),
        (["+Ctrl", "+Alt", "Del", "-Alt", "-Ctrl"], "<Ctrl+Alt+Delete>"),
        (["+Ctrl", "@", "-Ctrl"], "<Ctrl+@>"),
        (["+Alt", "@", "-Alt"], "<Alt+@>"),
        (["+AltGr", "e", 0x20AC, "-AltGr"], "e€"),
        (["+Ctrl", "+Alt", "+Super", "@", "-Super", "-Alt", "-Ctrl"], "<Ctrl+Alt+Super+@>"),
    ],
)
def test_a_character_of_altgr_is_itself_and_a_letter_is_a_command(keys: list[str | int], text: str) -> None:
    assert Keyboard().tap(*keys).texts() == [text]


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["a", "b", "c", 0xFF96, 0xFF96, "X", 0xFF9C, "Y", 0xFF9F], "aXbcY<Delete>"),
        (["a", "b", 0xFF95, "x", 0xFF98, 0xFF9F], "xa"),
        ([0xFF97, 0xFF99, 0xFF9A, 0xFF9B, 0xFF9D, 0xFF9E], "<Up><Down><PageUp><PageDown><Begin><Insert>"),
        ([0xFF89, 0xFF91, 0xFF94], "<Tab><F1><F4>"),
    ],
)
def test_the_keypad_edits_like_the_other_keys(keys: list[str | int], text: str) -> None:
    assert Keyboard().tap(*keys).texts() == [text]


@pytest.mark.parametrize(
    ("keysyms", "text"),
    [
        ([0x0101F511, 0x0100DD11], "🔑"),
        ([0x0100D83D, 0x0100DD11], "🔑"),
        ([0x0101F511, 0x0100DD12], "🔑\ufffd"),
        ([0x0100D83D, 0x61, 0x0100DD11], "\ufffda\ufffd"),
        ([0x0100D83D, 0x0100D83D, 0x0100DD11], "\ufffd🔑"),
        ([0x0101F469, 0x0100200D, 0x0101F4BB], "👩\u200d💻"),
        ([0xFE52, 0x0100D83D, 0x0100DD11, 0x65], "<0xFE52>🔑e"),
    ],
)
def test_an_emoji_is_one_character_however_it_is_sent(keysyms: list[int], text: str) -> None:
    keyboard = Keyboard().tap(*keysyms, "Enter")
    assert [span.text for span in keyboard.spans] == [text]


def test_an_emoji_can_be_taken_back_at_once() -> None:
    assert Keyboard().tap("a", 0x0101F511, 0x0100DD11, "Back", "b").texts() == ["ab"]


def test_enter_ends_a_line_and_says_when_and_where_it_was_typed() -> None:
    keyboard = Keyboard().tap("l", "s", "Enter", "KPEnter", "w", "KPEnter")
    assert [(span.text, span.start_ms, span.end_ms, span.start_byte, span.end_byte) for span in keyboard.spans] == [
        ("ls", 0, 400, 0, 50),
        ("w", 800, 1000, 80, 110),
    ]
    assert {(span.source, span.place, span.confidence) for span in keyboard.spans} == {(SpanSource.KEYS, None, 1.0)}


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
