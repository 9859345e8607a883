"""The forms in which a line of text is indexed and searched. Pure; both databases index them and so give the same hits.

There are two forms. Tokens are runs of letters and digits, without case and accents: `/srv/svc_Shadow` is `srv svc
shadow`. The folded form allows for OCR confusions: no spaces, no punctuation, and lookalike characters made the same.
It is made character by character, so that a part of a text is always a part of the folded text.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from typing import Final, NamedTuple

# Characters that OCR engines confuse, each group represented by its first. Also | for l, but only within a word.
_ALIKE: Final = (
    *(("o", "0"), ("l", "1", "i"), ("z", "2"), ("s", "5"), ("g", "6"), ("b", "8")),
    *(("rn", "m"), ("vv", "w")),
)
_LOOKALIKES: Final = str.maketrans({other: first for first, *others in _ALIKE for other in others})
_CONFUSIONS: Final = [(seen, other) for alike in _ALIKE for seen in alike for other in alike if other != seen]
# Scripts written without spaces give one token a character, so that a phrase is a part of a sentence. First those whose
# vowels and tones are marks: Thai to Tibetan, Myanmar, Khmer, Tai Le to Khmer symbols, Tai Tham, Balinese, Javanese,
# Myanmar's extensions, Tai Viet. There a vowel is a letter and not an accent.
_WITH_VOWEL_MARKS: Final = (
    *((0x0E00, 0x109F), (0x1780, 0x17FF), (0x1950, 0x19FF), (0x1A20, 0x1AAF)),
    *((0x1B00, 0x1B7F), (0xA980, 0xA9FF), (0xAA60, 0xAADF)),
)
# Then Chinese, Japanese, Korean and Yi.
_EAST_ASIAN: Final = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u318e\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua48c\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
)
# In other scripts marks belong to the word: accents without a composed letter, Hebrew and Arabic points, Indic vowels.
_MARKED: Final = ((0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x0DFF))


def _those(ranges: Iterable[tuple[int, int]], categories: str) -> str:
    """Return characters of these general categories (Unicode Standard, 4.5), by their first letter."""
    characters = (chr(code) for first, last in ranges for code in range(first, last + 1))
    return "".join(char for char in characters if unicodedata.category(char)[0] in categories)


_VOWEL_MARKS: Final = frozenset(_those(_WITH_VOWEL_MARKS, "M"))
_UNSPACED: Final = _those(_WITH_VOWEL_MARKS, "LMN") + _EAST_ASIAN
# A letter or digit, with the marks that belong to it.
_TOKEN: Final = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}](?:[^\\W_{_UNSPACED}]|[{_those(_MARKED, 'M')}])*")
_LETTER: Final = re.compile(f"[{_UNSPACED}]|[^\\W_]")
# The same for ASCII, which most text is.
_ASCII_TOKEN: Final = re.compile("[a-z0-9]+")
_ASCII_RUN: Final = re.compile("[A-Za-z0-9]+")
# Letters without a decomposition; those that Unicode names after another (o with stroke) are found by their names. As in
# Lucene's ASCIIFoldingFilter.
_LETTERS: Final = {"æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "\u0131": "i", "ȷ": "j", "ŋ": "n", "ĸ": "q", "ə": "a"}
_NAMED_AFTER: Final = re.compile("(?:LATIN|CYRILLIC|GREEK) .* WITH ")
_DIGIT: Final = re.compile(r"\d")
# Splits where a letter touches a digit. A run with more parts is a digest or a key, whose parts nobody searches for.
_DIGITS: Final = re.compile(r"(?<=\d)(?=[^\W\d_])|(?=\d)(?<=[^\W\d_])")
_MOST_PARTS: Final = 8
# Runs written without a blank: a time, an address, a name with a number.
_CHUNK: Final = re.compile(r"[^\s,;=\"'|<>()\[\]{}]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])")
_BAR_IN_WORD: Final = re.compile(r"(?<=\w)\||\|(?=\w)")
# A PostgreSQL lexeme has at most 2046 bytes (manual, "Text Search Limitations"); longer runs are keys and digests.
_MAX_TOKEN: Final = 255
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
# The result of `folded` for plain ASCII, in one step.
_ASCII_FOLDING: Final = {code: _LOOKALIKES.get(code, chr(code)) if chr(code).isalnum() else None for code in range(128)}
# Separates a line from what is indexed with it, so that no phrase spans both, and marks each token of another reading
# of the line, which only the tolerant pass may find. Nobody can type it.
BREAK: Final = "¦"


class Token(NamedTuple):
    """A token and the place of its text: `text[start:end]`."""

    token: str
    start: int
    end: int


def plain(text: str) -> str:
    """Remove case, accents and compatibility forms (NFKD, Unicode Standard Annex 15)."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = (char for char in decomposed if not unicodedata.combining(char) or char in _VOWEL_MARKS)
    return unicodedata.normalize("NFC", "".join(char if char.isascii() else _base(char) for char in bare))


@cache
def _base(letter: str) -> str:
    """Return the letter or letters typed by people without this one on their keyboard."""
    if letter in _LETTERS:
        return _LETTERS[letter]
    name = unicodedata.name(letter, "")
    if not _NAMED_AFTER.match(name):
        return letter
    try:
        return unicodedata.lookup(name[: name.index(" WITH ")])
    except KeyError:  # named after something other than a letter
        return letter


def clean(text: str) -> str:
    """Make text storable everywhere: composed (NFC), without NUL and lone surrogates, which PostgreSQL rejects."""
    if text.isascii():
        return text.replace("\x00", "\ufffd")
    return _UNSTORABLE.sub("\ufffd", unicodedata.normalize("NFC", text))


def placed_tokens(text: str) -> list[Token]:
    """Return the tokens of a clean text in order, with their places."""
    # Making a run plain may split it (a ligature of symbols); the parts keep its place in the text.
    return [
        Token(piece, run.start(), run.end()) for run in _TOKEN.finditer(text) for piece in _pieces(plain(run.group()))
    ]


def tokens(text: str) -> list[str]:
    """Return the tokens of a clean text in order."""
    if not text.isascii():
        return [token.token for token in placed_tokens(text)]
    runs = _ASCII_TOKEN.findall(text.lower())
    return runs if len(text) <= _MAX_TOKEN else _cut(runs)


def word_parts(text: str) -> list[list[Token]]:
    """Return the parts of compound words: `getUserName` is get, user, name; `KB5034441` is kb, 5034441.

    Words joined by capitals are split one by one. Where letters touch digits, each run stays whole, so that the date of
    `2026-10-01T12:00:00Z` is found. A single letter between digits is not a word: it becomes a `BREAK`.
    """
    found = []
    # Most lines are told by their letters alone; the joints look behind and ahead at every place.
    if not text.islower() and _CAMEL.search(text):
        found += [parts for run in _runs(text) if (parts := _parted([run], _CAMEL))]
    if _DIGIT.search(text) and _DIGITS.search(text):
        chunks = (_runs(text, *chunk.span()) for chunk in _CHUNK.finditer(text) if _DIGITS.search(chunk.group()))
        found += [parts for chunk in chunks if (parts := _parted(chunk, _DIGITS))]
    return found


def _runs(text: str, start: int = 0, end: int = sys.maxsize) -> Iterable[re.Match[str]]:
    return (_ASCII_RUN if text.isascii() else _TOKEN).finditer(text, start, end)


def _parted(runs: Iterable[re.Match[str]], joint: re.Pattern[str]) -> list[Token]:
    """Return the parts of consecutive runs; [] if none of them has any."""
    found: list[Token] = []
    is_parted = False
    for run in runs:
        word = run.group()
        pieces = [word] if word.isdigit() or (joint is _DIGITS and word.isalpha()) else joint.split(word)
        if joint is _DIGITS and len(pieces) > _MOST_PARTS:
            pieces = [word]
        is_parted |= len(pieces) > 1
        at = run.start()
        for piece in pieces:
            start, at = at, at + len(piece)
            is_word = joint is _CAMEL or len(piece) > 1 or piece.isdigit()
            found += [Token(token, start, at) for token in (_pieces(plain(piece)) if is_word else [BREAK])]
    return found if is_parted else []


def other_readings(text: str, alternatives: Iterable[str]) -> Iterator[list[str]]:
    """Return marked tokens of each alternative, and of a clean text whose bars may be ones."""
    readings = [*alternatives, _BAR_IN_WORD.sub("1", text)] if "|" in text else alternatives
    return ([BREAK + token for token in tokens(reading)] for reading in readings)


def misread(words: Sequence[str], limit: int) -> list[tuple[str, ...]]:
    """Return tokens as OCR may have misread them: one separator lost, or one or two characters confused.

    The most likely come first.
    """
    typed = " ".join(words)
    # With two tokens only an ordinary number would remain.
    lost = (typed[:at] + typed[at + 1 :] for at, char in enumerate(typed) if char == " " and len(words) > 2)  # noqa: PLR2004
    twice = (text for once in _confused(typed) for text in _confused(once))
    found = chain(lost, _confused(typed), twice)
    # Some spare ones, because many occur twice; a long text would have thousands.
    texts = dict.fromkeys(text for text in islice(found, 4 * limit) if text != typed)
    return [tuple(text.split()) for text in islice(texts, limit)]


def _confused(text: str) -> Iterator[str]:
    for seen, other in _CONFUSIONS:
        for place in re.finditer(seen, text):
            yield text[: place.start()] + other + text[place.end() :]


def folded(text: str) -> str:
    """Return the form in which OCR confusions are the same; letters and digits only."""
    bars = _BAR_IN_WORD.sub("l", plain(text)) if "|" in text else plain(text)
    if bars.isascii():
        return bars.translate(_ASCII_FOLDING)
    return "".join(_LETTER.findall(bars)).translate(_LOOKALIKES)


def _pieces(made_plain: str) -> list[str]:
    if made_plain.isascii() and made_plain.isalnum() and len(made_plain) <= _MAX_TOKEN:
        return [made_plain]
    return _cut(_TOKEN.findall(made_plain))


def _cut(runs: Sequence[str]) -> list[str]:
    return [run[at : at + _MAX_TOKEN] for run in runs for at in range(0, len(run), _MAX_TOKEN)]
