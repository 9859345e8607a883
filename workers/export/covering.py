"""What a redacted copy must not show: rules and the text that was read, in; boxes and times, out. Pure.

Callers: `workers.export.redacting`. A term is looked for as search does, in the exact and in the tolerant form, because what
must not be shown has to be covered even where it was misread.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import re2

from gateway.core.errors import InvalidInputError
from gateway.core.recording.geometry import Box
from gateway.core.recording.states import SpanSource
from gateway.search.tokens import folded
from workers.ocr.spans import Span

# Letters reach a little beyond the box that was read: anti-aliasing, descenders, a missed dot.
MARGIN: Final = 4
# More than a screen of words; what is longer is no rule a person wrote.
MAX_RULES: Final = 100
MAX_LENGTH: Final = 1000
# RE2 runs in time linear to the text; its automaton's memory is bounded by this (RE2::Options::max_mem).
_MEMORY_BYTES: Final = 8 * 2**20


@dataclass(frozen=True)
class Region:
    """A place on the screen, in pixels of the video, from `start_ms` to `end_ms` (None: to the end)."""

    box: Box
    start_ms: int = 0
    end_ms: int | None = None


@dataclass(frozen=True)
class Rules:
    """What is to be covered. `min_confidence`: also lines that were read with less (0: none), as nobody knows what they say."""

    terms: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    min_confidence: float = 0.0

    def __post_init__(self) -> None:
        """Raises InvalidInputError for rules that cannot be followed; the text says which."""
        if not (self.terms or self.patterns or self.regions or self.min_confidence):
            raise InvalidInputError("say what is to be covered: terms, patterns or regions")
        if len(self.terms) + len(self.patterns) + len(self.regions) > MAX_RULES:
            raise InvalidInputError(f"too many rules; {MAX_RULES} are allowed")
        for text in (*self.terms, *self.patterns):
            if not text.strip() or len(text) > MAX_LENGTH:
                raise InvalidInputError(f"a term or pattern has 1 to {MAX_LENGTH} characters")
        for term in self.terms:
            if not folded(term):
                raise InvalidInputError(f"the term {term!r} has no letter or digit; use a pattern or a region")
        for pattern in self.patterns:
            _compiled(pattern)


@dataclass(frozen=True)
class Cover:
    """A box that is black from `start_ms` to `end_ms` (exclusive; None: to the end), and the rule that wants it."""

    box: Box
    start_ms: int
    end_ms: int | None
    rule: str


def covers(spans: Iterable[Span], rules: Rules) -> Iterator[Cover]:
    """All that must be covered, spans in their order, then the regions. Text without a place covers nothing."""
    finders = [*(_term_finder(term) for term in rules.terms), *(_pattern_finder(text) for text in rules.patterns)]
    for span in spans:
        if span.source is SpanSource.SCREEN and span.box.area:
            yield from _of_span(span, finders, rules.min_confidence)
    for region in rules.regions:
        yield Cover(region.box, region.start_ms, region.end_ms, "region")


@dataclass(frozen=True)
class _Finder:
    """`places` gives (start, end) of what fits in a text; `is_in` whether a text fits at all, misread perhaps."""

    rule: str
    regex: Any
    folded: str = ""

    def places(self, text: str) -> list[tuple[int, int]]:
        return [found.span() for found in self.regex.finditer(text) if found.end() > found.start()]

    def is_in(self, text: str) -> bool:
        return bool(self.regex.search(text)) or bool(self.folded and self.folded in folded(text))


def _term_finder(term: str) -> _Finder:
    words = r"\s+".join(re2.escape(word) for word in term.split())
    return _Finder(f"term: {term}", _compiled(f"(?i){words}"), folded(term))


def _pattern_finder(pattern: str) -> _Finder:
    return _Finder(f"pattern: {pattern}", _compiled(pattern))


def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.max_mem, options.log_errors = _MEMORY_BYTES, False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise InvalidInputError(f"the pattern {pattern[:100]!r} is not one RE2 understands: {_said(error)}") from error


def _said(error: Exception) -> str:
    return error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error.args[0])


def _of_span(span: Span, finders: Sequence[_Finder], min_confidence: float) -> Iterator[Cover]:
    if span.confidence < min_confidence:
        yield _cover(span, span.box, "not read well enough")
        return
    for finder in finders:
        places = finder.places(span.text)
        if places:
            yield from (_cover(span, _box_of(span, start, end), finder.rule) for start, end in places)
        elif any(finder.is_in(text) for text in (span.text, *span.alternatives)):
            yield _cover(span, span.box, finder.rule)  # misread: where in the line it stands is not known


def _cover(span: Span, box: Box, rule: str) -> Cover:
    wide = Box(box.x - MARGIN, box.y - MARGIN, box.width + 2 * MARGIN, box.height + 2 * MARGIN)
    return Cover(wide, span.start_ms, span.end_ms, rule)


def _box_of(span: Span, start: int, end: int) -> Box:
    """The words that `text[start:end]` touches, or the whole line where its words are not those of its text."""
    at, found = 0, Box(0, 0, 0, 0)
    for word in span.words:
        begin = span.text.find(word.text, at)
        if begin < 0:
            return span.box
        at = begin + len(word.text)
        if begin < end and at > start:
            found = found.union(word.box)
    return found if found.area else span.box
