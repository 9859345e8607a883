"""Rules find what must be covered, misread or not; bad rules are refused with their reason."""

import pytest

from gateway.core.errors import InvalidInputError
from gateway.core.recording.geometry import Box
from gateway.core.recording.states import SpanSource
from gateway.exports.rules import MAX_RULES, Region, Rules
from gateway.renditions.spans import Span, SpanWord
from workers.desktop.export.covering import MARGIN, covers

LINE = Box(10, 20, 220, 12)
WORDS = (
    SpanWord("user", Box(10, 20, 40, 12)),
    SpanWord("svc_shadow", Box(60, 20, 100, 12)),
    SpanWord("logged", Box(170, 20, 60, 12)),
)


def span(text: str = "user svc_shadow logged", **changes: object) -> Span:
    values = {
        "place": LINE,
        "start_ms": 1000,
        "end_ms": 3000,
        "confidence": 0.9,
        "keyframe": 1,
        "start_byte": 0,
        "end_byte": 9,
        "words": WORDS,
    }
    return Span(text=text, **{**values, **changes})  # type: ignore[arg-type] # a few of them differ


def wide(box: Box) -> Box:
    return Box(box.x - MARGIN, box.y - MARGIN, box.width + 2 * MARGIN, box.height + 2 * MARGIN)


@pytest.mark.parametrize(
    "rules",
    [
        Rules(terms=("SVC_Shadow",)),
        Rules(patterns=(r"svc_\w+",)),
        Rules(terms=("shadow",)),
        Rules(patterns=("(?i)SHADOW",)),
    ],
)
def test_the_words_that_fit_are_covered_for_as_long_as_they_were_visible(rules: Rules) -> None:
    [cover] = covers([span()], rules)
    assert (cover.box, cover.start_ms, cover.end_ms) == (wide(WORDS[1].place), 1000, 3000)


def test_a_term_of_several_words_covers_them_all() -> None:
    [cover] = covers([span()], Rules(terms=("svc_shadow  logged",)))
    assert cover.box == wide(WORDS[1].place.union(WORDS[2].place))


@pytest.mark.parametrize("text", ["user svc_shad0w logged", "usersvc_shadowlogged", "user svc_ shadow logged"])
def test_a_misread_term_covers_its_line(text: str) -> None:
    [cover] = covers([span(text, words=())], Rules(terms=("svc_shadow",)))
    assert cover.box == wide(LINE)


def test_another_reading_of_the_line_counts() -> None:
    [cover] = covers([span("illegible", alternatives=("user svc_shadow",), words=())], Rules(terms=("svc_shadow",)))
    assert cover.box == wide(LINE)


def test_what_was_read_badly_can_be_covered_whatever_it_says() -> None:
    rules = Rules(min_confidence=0.5)
    assert not list(covers([span()], rules))
    [cover] = covers([span("???", confidence=0.3)], rules)
    assert cover.box == wide(LINE)


def test_regions_are_taken_as_they_are_and_text_without_a_place_covers_nothing() -> None:
    typed = span(source=SpanSource.KEYS, place=None)
    region = Region(Box(1, 2, 3, 4), 5, None)
    [cover] = covers([typed], Rules(terms=("svc_shadow",), regions=(region,)))
    assert (cover.box, cover.start_ms, cover.end_ms, cover.rule) == (region.box, 5, None, "region 1")


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"terms": ("",)},
        {"terms": ("--",)},
        {"terms": ("a" * 1001,)},
        {"patterns": ("(a",)},
        {"patterns": ("(?=a)",)},
        {"patterns": ("a{5000}",)},
        {"terms": ("a",) * (MAX_RULES + 1)},
    ],
)
def test_bad_rules_are_refused(wrong: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(InvalidInputError):
        Rules(**wrong)  # type: ignore[arg-type] # none of them has a number


def test_a_pattern_made_to_take_forever_does_not() -> None:
    assert not list(covers([span("a" * 5000, words=())], Rules(patterns=(r"(a+)+$b",))))
