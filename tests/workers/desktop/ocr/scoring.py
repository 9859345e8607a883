"""Recall of phrases known to have been on a sample recording's screen at a known time.

Exact: one visual line contains the phrase, case folded and without blanks. Fuzzy: nine in ten of its characters match
in order. A span counts when it was visible between 1 s before and 3.5 s after the phrase's time.
"""

import difflib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from gateway.core.recording.place import top_to_bottom
from gateway.renditions.spans import Span

_BEFORE_MS, _AFTER_MS = 1000, 3500
_FUZZY: Final = 0.9


@dataclass(frozen=True)
class Recall:
    """How many of the phrases were found; `missed` are those not found exactly."""

    phrases: int
    exact: float
    fuzzy: float
    missed: tuple[str, ...]


def recall(spans: Sequence[Span], steps: Path) -> Recall:
    """Score spans against a sample's `*.steps.json`."""
    wanted = [(step["t_ms"], phrase) for step in json.loads(steps.read_text())["steps"] for phrase in step["phrases"]]
    exact, fuzzy, missed = 0, 0, []
    for at_ms, phrase in wanted:
        texts = list(_texts(span for span in spans if _visible(span, at_ms)))
        found = any(_bare(phrase) in text for text in texts)
        exact += found
        fuzzy += found or any(_is_like(_bare(phrase), text) for text in texts)
        if not found:
            missed.append(phrase)
    return Recall(len(wanted), exact / len(wanted), fuzzy / len(wanted), tuple(missed))


def _visible(span: Span, at_ms: int) -> bool:
    return span.start_ms <= at_ms + _AFTER_MS and span.end_ms >= at_ms - _BEFORE_MS


def _texts(spans: Iterable[Span]) -> Iterator[str]:
    """Each reading of each span, and the spans of one row joined from left to right."""
    listed = sorted(spans, key=lambda span: top_to_bottom(span.place))
    for span in listed:
        yield from map(_bare, (span.text, *span.alternatives))
    for _, row in groupby(listed, key=lambda span: top_to_bottom(span.place)[0]):
        yield "".join(_bare(span.text) for span in row)


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()


def _is_like(phrase: str, text: str) -> bool:
    size = len(phrase)
    windows = (text[start : start + size + 4] for start in range(max(1, len(text) - size + 1)))
    return any(_matching(phrase, window) >= _FUZZY * size for window in windows)


def _matching(one: str, other: str) -> int:
    blocks = difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)
