"""The account of what was looked at: gaps, skipped lines, unreadable ones."""

from typing import Any

import pytest

from gateway.core.recording.geometry import Box
from gateway.core.recording.states import GapCause
from gateway.db.models import Gap
from workers.desktop.ocr.coverage import with_gaps
from workers.desktop.ocr.engine import ReadLine
from workers.desktop.ocr.read import Coverage


def gap(start_ms: int, end_ms: int | None) -> Gap:
    return Gap(recording_id="r", start_ms=start_ms, end_ms=end_ms, cause=GapCause.GATEWAY_LOST)


def account(gaps: list[Gap], *, seconds_read: float = 100.0, share_read: float = 0.9) -> dict[str, Any]:
    reading = {"share_read": share_read, "coverage": {"seconds_read": seconds_read, "lines_skipped": 0}}
    found = with_gaps(reading, gaps, 100_000)
    return {name.removesuffix("_seconds"): found[name] for name in found if name.endswith("_seconds")}


def test_a_recording_without_gaps_was_looked_at_whole() -> None:
    assert account([]) == {"screen": 100.0, "looked": 100.0, "read": 90.0, "gap": 0.0, "skipped": 0.0}


@pytest.mark.parametrize(
    ("gaps", "screen", "looked", "gap_seconds"),
    [
        ([gap(10_000, 20_000)], 100.0, 90.0, 10.0),
        ([gap(10_000, 20_000), gap(15_000, 30_000)], 100.0, 80.0, 20.0),  # the same time is not missing twice
        ([gap(100_000, 150_000)], 150.0, 100.0, 50.0),  # behind the last frame
        ([gap(90_000, 110_000)], 110.0, 90.0, 20.0),
        ([gap(100_000, None)], 100.0, 100.0, 0.0),  # nobody knows how long
    ],
)
def test_what_was_not_recorded_was_not_looked_at(
    gaps: list[Gap], screen: float, looked: float, gap_seconds: float
) -> None:
    found = account(gaps)
    assert (found["screen"], found["looked"], found["gap"]) == (screen, looked, gap_seconds)
    assert found["read"] == pytest.approx(looked * 0.9)
    assert found["skipped"] == 0.0


def test_time_without_a_keyframe_is_skipped() -> None:
    assert account([], seconds_read=95.0)["skipped"] == 5.0


def test_gaps_are_listed() -> None:
    reading = {"share_read": 1.0, "coverage": {"seconds_read": 1.0}}
    assert with_gaps(reading, [gap(10, None)], 1000)["gaps"] == [
        {"start_ms": 10, "end_ms": None, "cause": "gateway_lost"}
    ]


def test_areas_by_what_became_of_them() -> None:
    coverage = Coverage()
    good, doubtful, guess = ReadLine("good", 0.9), ReadLine("doubtful", 0.5), ReadLine("", 0.0)
    lines = {Box(0, 0, 10, 1): good, Box(0, 2, 20, 1): doubtful, Box(0, 4, 30, 1): guess}
    coverage.add(lines, [Box(0, 6, 40, 1)], 1000, 2.0)
    assert (coverage.seconds_read, coverage.screen_pixel_seconds, coverage.text_pixel_seconds) == (2.0, 2000.0, 200.0)
    assert (coverage.low_confidence_pixel_seconds, coverage.unreadable_pixel_seconds) == (40.0, 60.0)
    assert coverage.skipped_pixel_seconds == 80.0
    assert coverage.share_read == pytest.approx(0.3)
