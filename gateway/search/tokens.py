"""What a line of text is indexed and looked up by. Pure; both databases index these strings, so both give the same hits.

Callers: `gateway.search.spans` for text that goes in, `gateway.search.query` for words that are asked for,
`gateway.search.marks` for the places in a hit.

Two forms. Tokens are runs of letters and digits, without case and accents: `/srv/svc_Shadow` is `srv svc shadow`. The
folded form is for what OCR confuses: no spaces, no punctuation, and characters that look alike made one. It is made
character by character, so that a part of a text is always a part of the folded text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final, NamedTuple

# Characters taken for one another by OCR engines, the first standing for all; beside them | for l, only within a word.
_ALIKE: Final = (
    *(("o", "0"), ("l", "1", "i"), ("z", "2"), ("s", "5"), ("g", "6"), ("b", "8")),
    *(("rn", "m"), ("vv", "w")),
)
_LOOKALIKES: Final = str.maketrans({other: first for first, *others in _ALIKE for other in others})
_CONFUSIONS: Final = [(seen, other) for alike in _ALIKE for seen in alike for other in alike if other != seen]
# A letter or digit; scripts written without spaces give one token a character, so that a phrase is a part of a sentence.
_TOKEN: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]|[^\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+"
)
# The same for text in ASCII, which most of it is.
_ASCII_TOKEN: Final = re.compile("[a-z0-9]+")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BAR_IN_WORD: Final = re.compile(r"(?<=\w)\||\|(?=\w)")
# A PostgreSQL lexeme has at most 2046 bytes (manual, "Text Search Limitations"); longer runs are keys and digests.
_MAX_TOKEN: Final = 255
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
# What `folded` makes of plain ASCII, in one step.
_ASCII_FOLDING: Final = {code: _LOOKALIKES.get(code, chr(code)) if chr(code).isalnum() else None for code in range(128)}
# Between a line and what is indexed beside it, so that no phrase reaches across; before each token of another reading of
# the line, which only the tolerant pass may find. Nobody can type it.
BREAK: Final = "¦"


class Token(NamedTuple):
    """One token and where its text stands: `text[start:end]`."""

    token: str
    start: int
    end: int


def plain(text: str) -> str:
    """Without case and accents, compatibility forms made plain (NFKD, Unicode Standard Annex 15)."""
    if text.isascii():
        return text.lower()
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare.casefold())


def clean(text: str) -> str:
    """Text as it can be stored everywhere: composed (NFC), without NUL and lone surrogates, which PostgreSQL refuses."""
    if text.isascii():
        return text.replace("\x00", "\ufffd")
    return _UNSTORABLE.sub("\ufffd", unicodedata.normalize("NFC", text))


def placed_tokens(text: str) -> list[Token]:
    """The tokens of a clean text in their order, with their places."""
    # One run may fall apart when made plain (a ligature of symbols), and keeps its place in the text.
    return [
        Token(piece, run.start(), run.end()) for run in _TOKEN.finditer(text) for piece in _pieces(plain(run.group()))
    ]


def tokens(text: str) -> list[str]:
    """The tokens of a clean text in their order."""
    if not text.isascii():
        return [token.token for token in placed_tokens(text)]
    runs = _ASCII_TOKEN.findall(text.lower())
    return runs if len(text) <= _MAX_TOKEN else _cut(runs)


def camel_parts(text: str) -> list[list[str]]:
    """Parts of words joined by capitals: `getUserName` gives [get, user, name]; words without such give nothing."""
    if text.islower():
        return []
    runs = (_CAMEL.split(run) for run in _TOKEN.findall(text))
    return [[part for piece in parts for part in tokens(piece)] for parts in runs if len(parts) > 1]


def other_readings(text: str, alternatives: Iterable[str]) -> Iterator[list[str]]:
    """Marked tokens of each of the alternatives, and of a clean text whose bars may be ones."""
    readings = [*alternatives, _BAR_IN_WORD.sub("1", text)] if "|" in text else alternatives
    return ([BREAK + token for token in tokens(reading)] for reading in readings)


def misread(words: Sequence[str], limit: int) -> list[tuple[str, ...]]:
    """Tokens as OCR may have read them: one of several separators lost, or one or two characters confused.

    The likeliest come first.
    """
    typed = " ".join(words)
    # Of two tokens it would leave a number like any other.
    lost = (typed[:at] + typed[at + 1 :] for at, char in enumerate(typed) if char == " " and len(words) > 2)  # noqa: PLR2004
    twice = (text for once in _confused(typed) for text in _confused(once))
    found = chain(lost, _confused(typed), twice)
    # Many come twice, hence some more; of a long text there would be thousands.
    texts = dict.fromkeys(text for text in islice(found, 4 * limit) if text != typed)
    return [tuple(text.split()) for text in islice(texts, limit)]


def _confused(text: str) -> Iterator[str]:
    for seen, other in _CONFUSIONS:
        for place in re.finditer(seen, text):
            yield text[: place.start()] + other + text[place.end() :]


def folded(text: str) -> str:
    """The form in which what OCR confuses is the same; letters and digits only."""
    bars = _BAR_IN_WORD.sub("l", plain(text)) if "|" in text else plain(text)
    if bars.isascii():
        return bars.translate(_ASCII_FOLDING)
    return "".join(_TOKEN.findall(bars)).translate(_LOOKALIKES)


def _pieces(made_plain: str) -> list[str]:
    return _cut(_TOKEN.findall(made_plain))


def _cut(runs: Sequence[str]) -> list[str]:
    return [run[at : at + _MAX_TOKEN] for run in runs for at in range(0, len(run), _MAX_TOKEN)]
