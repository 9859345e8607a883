"""Forecasts rest on what was measured, and there is none where that is too little."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.core.capacity import (
    ENOUGH_RECORDINGS,
    Measure,
    Plan,
    Recorded,
    Sample,
    forecast,
    growth,
    measure,
    measures_by,
)

START = datetime(2026, 3, 1, tzinfo=UTC)
GB = 10**9


def recorded(
    hours: float, per_hour: int, *, target: str = "lab", protocol: str = "rdp", archived: bool = True
) -> Recorded:
    """Half as much again in renditions; the archive holds 80 % of both."""
    original, renditions = int(per_hour * hours), int(per_hour * hours / 2)
    return Recorded(
        target, protocol, hours, original, renditions, int((original + renditions) * 0.8) if archived else None
    )


def sample(day: float, hot: int = 0, free: int = 50 * GB) -> Sample:
    return Sample(START + timedelta(days=day), hot, 2 * hot, free, 100 * GB)


def basis(*rows: Recorded) -> Measure:
    found = measure(rows)
    assert found is not None
    return found


def test_rates_are_of_all_bytes_by_all_hours_and_of_recordings() -> None:
    found = basis(recorded(3, 100), recorded(1, 500), recorded(1, 300), recorded(0.001, 10**9))
    assert found.recording_count == 3, "what is shorter than a minute says nothing"
    assert found.hours == 5
    assert found.original.mean == pytest.approx(220)
    assert found.original.median == pytest.approx(300)
    assert found.original.p95 == pytest.approx(480)
    assert found.archive is not None
    assert found.archive.mean == pytest.approx(220 * 1.5 * 0.8)


def test_groups_have_their_own_rates_the_most_used_first() -> None:
    rows = [recorded(1, 100), recorded(5, 10, target="net", protocol="vnc"), recorded(1, 300)]
    assert [(one.protocol, one.original.mean) for one in measures_by(rows, by_target=False)] == [
        ("vnc", 10),
        ("rdp", 200),
    ]
    assert [one.target_name for one in measures_by(rows, by_target=True)] == ["net", "lab"]


def test_nothing_measured_is_nothing() -> None:
    assert measure([]) is None
    assert measure([recorded(0.01, 5)]) is None
    one = basis(recorded(2, 100))
    assert one.original.p95 == one.original.median == one.original.mean == 100
    assert not one.is_enough


def test_growth_is_a_line_through_the_samples() -> None:
    samples = [sample(hour / 24, hot=hour * GB // 24, free=50 * GB - hour * GB // 24) for hour in range(24 * 10)]
    found = growth(samples, floor_bytes=10 * GB)
    assert found is not None
    assert found.hot_per_day == pytest.approx(GB)
    assert found.archive_per_day == pytest.approx(2 * GB)
    assert found.days_until_full == pytest.approx(30, abs=0.2)
    assert found.full_at is not None
    assert found.full_at - samples[-1].at == timedelta(days=found.days_until_full or 0)


def test_a_disk_that_does_not_fill_is_never_full() -> None:
    found = growth([sample(day, free=50 * GB + int(day)) for day in range(20)], 0)
    assert found is not None
    assert (found.days_until_full, found.full_at) == (None, None)


@pytest.mark.parametrize("days", [[0.0, 30.0], [hour / 24 for hour in range(48)], []])
def test_too_few_samples_or_days_give_no_growth(days: list[float]) -> None:
    assert growth([sample(day) for day in days], 0) is None


def test_a_full_disk_far_off_has_no_date() -> None:
    found = growth([sample(day, free=50 * GB - int(day) // 19) for day in range(20)], 0)
    assert found is not None
    assert found.days_until_full is not None
    assert found.full_at is None


def test_a_plan_is_forecast_from_the_mean_and_from_the_heaviest() -> None:
    rows = [recorded(1, 1000)] * 9 + [recorded(1, 4000)]
    found = forecast(Plan(sessions=10, hours_per_day=8, hot_days=30, retention_days=365), basis(*rows), sample(0), 0)
    assert found is not None
    per_hour = 1300 * 1.5
    assert found.hot_per_day == pytest.approx(80 * per_hour)
    assert found.hot.expected == pytest.approx(80 * per_hour * 30)
    assert found.hot.heavy > found.hot.expected
    assert found.archive.expected == pytest.approx(80 * per_hour * 0.8 * 365)
    assert (found.fits, found.days_until_full, found.archive_from_hot) == (True, None, False)


def test_a_plan_that_does_not_fit_says_when_the_room_is_full() -> None:
    rows = [recorded(1, GB, archived=False)] * ENOUGH_RECORDINGS
    plan = Plan(sessions=10, hours_per_day=10, hot_days=30, retention_days=365)
    found = forecast(plan, basis(*rows), sample(0, hot=5 * GB), floor_bytes=40 * GB)
    assert found is not None
    assert found.room_bytes == 15 * GB
    assert not found.fits
    assert found.days_until_full == pytest.approx(0.1)
    assert found.archive_from_hot
    assert found.archive_per_day == found.hot_per_day


def test_a_thin_history_gives_no_forecast() -> None:
    plan = Plan(1, 1, 1, 1)
    assert forecast(plan, basis(*[recorded(10, 5)] * (ENOUGH_RECORDINGS - 1)), sample(0), 0) is None
    assert forecast(plan, basis(*[recorded(0.1, 5)] * ENOUGH_RECORDINGS), sample(0), 0) is None
    assert forecast(plan, basis(*[recorded(0.2, 5)] * ENOUGH_RECORDINGS), sample(0), 0) is not None
