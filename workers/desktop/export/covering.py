"""Find what a redacted copy must not show: rules and recognised text in, boxes and times out. Pure.

Terms are searched for as search does, in exact and tolerant form, because a term must be covered even if it was
misread.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import re2

from gateway.core.recording.geometry import Box
from gateway.exports.rules import Rules, compiled
from gateway.renditions.spans import Span
from gateway.search.tokens import folded

# In pixels. Letters reach a little beyond the recognised box: anti-aliasing, descenders, a missed dot.
MARGIN: Final = 4
# The rule for lines that were read with less confidence than requested.
UNREAD: Final = "unread"


@dataclass(frozen=True)
class Cover:
    """A box that is black from `start_ms` to `end_ms` (exclusive; None: to the end), and the rule that requires it.

    Rules are named by kind and number, e.g. "term 1": reports about redactions must not reveal what was redacted.
    """

    box: Box
    start_ms: int
    end_ms: int | None
    rule: str


def covers(spans: Iterable[Span], rules: Rules) -> Iterator[Cover]:
    """Return everything to cover: spans in order, then the regions. Text without a place covers nothing."""
    finders = [
        *(_term_finder(number, term) for number, term in enumerate(rules.terms, 1)),
        *(_pattern_finder(number, text) for number, text in enumerate(rules.patterns, 1)),
    ]
    for span in spans:
        if span.place is not None:
            yield from _of_span(span, span.place, finders, rules.min_confidence)
    for number, region in enumerate(rules.regions, 1):
        yield Cover(region.box, region.start_ms, region.end_ms, f"region {number}")


@dataclass(frozen=True)
class _Finder:
    """Find matches: `places` returns (start, end) of exact ones in a text."""

    rule: str
    regex: Any
    folded: str = ""

    def places(self, text: str) -> list[tuple[int, int]]:
        return [found.span() for found in self.regex.finditer(text) if found.end() > found.start()]

    def count(self, text: str) -> int:
        """Count the matches in a text, including misread ones."""
        return max(len(self.places(text)), folded(text).count(self.folded) if self.folded else 0)


def _term_finder(number: int, term: str) -> _Finder:
    words = r"\s+".join(re2.escape(word) for word in term.split())
    return _Finder(f"term {number}", compiled(f"(?i){words}"), folded(term))


def _pattern_finder(number: int, pattern: str) -> _Finder:
    return _Finder(f"pattern {number}", compiled(pattern))


def _of_span(span: Span, line: Box, finders: Sequence[_Finder], min_confidence: float) -> Iterator[Cover]:
    if span.confidence < min_confidence:
        yield _cover(span, line, UNREAD)
        return
    for finder in finders:
        places = finder.places(span.text)
        if any(finder.count(text) > len(places) for text in (span.text, *span.alternatives)):
            yield _cover(span, line, finder.rule)  # misread: its place within the line is unknown
        else:
            yield from (_cover(span, _box_of(span, line, start, end), finder.rule) for start, end in places)


def _cover(span: Span, box: Box, rule: str) -> Cover:
    wide = Box(box.x - MARGIN, box.y - MARGIN, box.width + 2 * MARGIN, box.height + 2 * MARGIN)
    return Cover(wide, span.start_ms, span.end_ms, rule)


def _box_of(span: Span, line: Box, start: int, end: int) -> Box:
    """Return the box of the words that `text[start:end]` touches, or of the line if words and text differ."""
    at, found = 0, Box(0, 0, 0, 0)
    for word in span.words:
        begin = span.text.find(word.text, at)
        if begin < 0:
            return line
        at = begin + len(word.text)
        if begin < end and at > start:
            found = found.union(word.place)
    return found if found.area else line
