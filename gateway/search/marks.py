"""Where the query's words are in a hit: text pieces for the page, places for the picture. Pure.

The text is whatever was on the screen, so it is returned as pieces with a flag, never as markup; the caller decides how
to show it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from gateway.search.query import Group, Term
from gateway.search.tokens import Token, folded, placed_tokens, word_parts

# In characters. A line of a screen fits; a pasted page is shown around its first mark.
MAX_SNIPPET = 300
_BEFORE_FIRST_MARK = 100


class Piece(NamedTuple):
    """A part of a snippet."""

    text: str
    marked: bool


Mark = tuple[int, int]


def marks(text: str, group: Group) -> list[Mark]:
    """Return the places `text[start:end]` of all terms: exact ones, and lookalikes for terms without any."""
    placed = placed_tokens(text)
    parted = word_parts(text)
    likeness = _Likeness(text)
    found: list[Mark] = []
    for term in (term for clause in group.clauses for term in clause):
        found += (
            _exact_marks(placed, term)
            or [mark for parts in parted for mark in _exact_marks(parts, term)]
            or _misread_marks(placed, term)
            or likeness.marks(term.folded)
        )
    return _merged(found)


def snippet(text: str, found: Sequence[Mark]) -> list[Piece]:
    """Cut the text into marked and other pieces; a long one is cut to the surroundings of the first mark."""
    start = max(0, min(found[0][0] - _BEFORE_FIRST_MARK, len(text) - MAX_SNIPPET)) if found else 0
    end = min(len(text), start + MAX_SNIPPET)
    pieces: list[Piece] = []
    at = start
    for mark_start, mark_end in found:
        if mark_end <= start or mark_start >= end:
            continue
        pieces += [Piece(text[at:mark_start], False), Piece(text[max(mark_start, start) : min(mark_end, end)], True)]
        at = min(mark_end, end)
    pieces.append(Piece(text[at:end], False))
    return [piece for piece in pieces if piece.text]


def touched(text: str, words: Iterable[Sequence[Any]], found: Sequence[Mark]) -> list[Sequence[int]]:
    """Return the places of the words that a mark touches. `words`: each its text and its place, in text order."""
    places: list[Sequence[int]] = []
    at = 0
    for word, *place in words:
        start = text.find(word, at)
        if start < 0:
            continue
        at = start + len(word)
        if any(mark_start < at and start < mark_end for mark_start, mark_end in found):
            places.append(place)
    return places


def _exact_marks(placed: Sequence[Token], term: Term) -> list[Mark]:
    length = len(term.tokens)
    if not length:
        return []
    return [
        (placed[at].start, placed[at + length - 1].end)
        for at in range(len(placed) - length + 1)
        if _is_at(placed, at, term)
    ]


def _misread_marks(placed: Sequence[Token], term: Term) -> list[Mark]:
    return [mark for reading in term.readings() for mark in _exact_marks(placed, reading)]


def _is_at(placed: Sequence[Token], at: int, term: Term) -> bool:
    *firsts, last = (token.token for token in placed[at : at + len(term.tokens)])
    return tuple(firsts) == term.tokens[:-1] and (
        last.startswith(term.tokens[-1]) if term.prefix else last == term.tokens[-1]
    )


class _Likeness:
    """The folded form of a text, each of its characters mapped to the character it came from."""

    def __init__(self, text: str) -> None:
        # Folded with its neighbours, because a bar counts as a letter only inside a word.
        pieces = [
            folded(text[max(at - 1, 0) : at + 2]) if char == "|" else folded(char) for at, char in enumerate(text)
        ]
        pieces = ["l" if char == "|" and piece else piece for char, piece in zip(text, pieces, strict=True)]
        self._folded = "".join(pieces)
        self._ends = list(accumulate(map(len, pieces)))

    def marks(self, part: str) -> list[Mark]:
        found: list[Mark] = []
        at = self._folded.find(part) if part else -1
        while at >= 0:
            found.append((bisect_right(self._ends, at), bisect_right(self._ends, at + len(part) - 1) + 1))
            at = self._folded.find(part, at + len(part))
        return found


def _merged(found: Iterable[Mark]) -> list[Mark]:
    merged: list[Mark] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
