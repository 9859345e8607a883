"""Storage used by recordings, its growth, and forecasts for a plan. Pure; sizes in bytes.

All figures come from the site's own history. If there is too little of it the result is None, never a figure from
elsewhere.
"""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# Below a minute, the first screen and the files' fixed parts outweigh what was done.
MIN_SECONDS: Final = 60
# Fewer than these say more about chance than about the site.
ENOUGH_RECORDINGS: Final = 5
ENOUGH_HOURS: Final = 1.0
# A line through less than three days is mostly the difference of day and night.
ENOUGH_DAYS: Final = 3.0
ENOUGH_SAMPLES: Final = 12


@dataclass(frozen=True)
class Recorded:
    """Storage used by one recording. `archive_bytes` is None if it is not archived yet."""

    target_name: str
    protocol: str
    hours: float
    original_bytes: int
    rendition_bytes: int
    archive_bytes: int | None


@dataclass(frozen=True)
class Rate:
    """Bytes per session-hour: `mean` is all bytes by all hours and is used for totals; the others are per recording."""

    mean: float
    median: float
    p95: float


@dataclass(frozen=True)
class Measure:
    """The rates of a group of recordings. `archive` covers only archived ones; None if there are none."""

    target_name: str | None
    protocol: str | None
    recording_count: int
    hours: float
    original: Rate
    renditions: Rate
    archive: Rate | None

    @property
    def is_enough(self) -> bool:
        """Whether there is enough data for a forecast."""
        return self.recording_count >= ENOUGH_RECORDINGS and self.hours >= ENOUGH_HOURS


@dataclass(frozen=True)
class Sample:
    """Storage use at one time; `free_bytes` and `total_bytes` are of the data folder's disk."""

    at: datetime
    hot_bytes: int
    archive_bytes: int
    free_bytes: int
    total_bytes: int


@dataclass(frozen=True)
class Growth:
    """Bytes per day, from a line through the samples of `days` days; `full_at` is None if the disk is not filling."""

    days: float
    sample_count: int
    hot_per_day: float
    archive_per_day: float
    used_per_day: float
    days_until_full: float | None
    full_at: datetime | None


@dataclass(frozen=True)
class Plan:
    """Input of a forecast: simultaneous sessions, hours per day, and days of retention."""

    sessions: float
    hours_per_day: float
    hot_days: float
    retention_days: float

    @property
    def session_hours_per_day(self) -> float:
        """Hours recorded per day."""
        return self.sessions * self.hours_per_day


@dataclass(frozen=True)
class Need:
    """Bytes after a full retention period: expected, and if all sessions were like the heaviest 5 %."""

    expected: float
    heavy: float


@dataclass(frozen=True)
class Forecast:
    """Storage needs of a plan.

    `room_bytes`: free space above the floor plus what recordings occupy now, which they will free in time.
    `days_until_full` is None if the plan fits. `archive_from_hot`: nothing is archived yet, so a copy of every file was assumed.
    """

    hot_per_day: float
    archive_per_day: float
    hot: Need
    archive: Need
    archive_from_hot: bool
    room_bytes: int
    fits: bool
    days_until_full: float | None


def measure(
    recordings: Iterable[Recorded], *, target_name: str | None = None, protocol: str | None = None
) -> Measure | None:
    """Return the rates of these recordings, or None without one of at least MIN_SECONDS."""
    rows = [row for row in recordings if row.hours * 3600 >= MIN_SECONDS]
    if not rows:
        return None
    archived = [row for row in rows if row.archive_bytes is not None]
    return Measure(
        target_name,
        protocol,
        len(rows),
        sum(row.hours for row in rows),
        _rate(rows, lambda row: row.original_bytes),
        _rate(rows, lambda row: row.rendition_bytes),
        _rate(archived, lambda row: row.archive_bytes or 0) if archived else None,
    )


def measures_by(recordings: Iterable[Recorded], *, by_target: bool) -> list[Measure]:
    """Return the rates by protocol, or by target and protocol, those with the most hours first."""
    groups: dict[tuple[str | None, str], list[Recorded]] = {}
    for row in recordings:
        groups.setdefault((row.target_name if by_target else None, row.protocol), []).append(row)
    found = (measure(rows, target_name=name, protocol=protocol) for (name, protocol), rows in groups.items())
    return sorted((one for one in found if one), key=lambda one: -one.hours)


def growth(samples: Sequence[Sample], floor_bytes: int) -> Growth | None:
    """Return how fast storage fills, up to the floor at which sessions are refused; None with too few days of samples."""
    if len(samples) < ENOUGH_SAMPLES:
        return None
    first, last = samples[0], samples[-1]
    days = (last.at - first.at) / timedelta(days=1)
    if days < ENOUGH_DAYS:
        return None
    used = _slope(samples, lambda sample: sample.total_bytes - sample.free_bytes)
    left = max(0, last.free_bytes - floor_bytes) / used if used > 0 else None
    return Growth(
        days=days,
        sample_count=len(samples),
        hot_per_day=_slope(samples, lambda sample: sample.hot_bytes),
        archive_per_day=_slope(samples, lambda sample: sample.archive_bytes),
        used_per_day=used,
        days_until_full=left,
        full_at=_later(last.at, left),
    )


def forecast(plan: Plan, basis: Measure, now: Sample, floor_bytes: int) -> Forecast | None:
    """Forecast a plan with these rates; None if there is too little data."""
    if not basis.is_enough:
        return None
    hours = plan.session_hours_per_day
    hot = Rate(*(_sum(basis.original, basis.renditions)))
    archive = basis.archive or hot
    room = max(0, now.free_bytes - floor_bytes) + now.hot_bytes
    hot_need = Need(hours * hot.mean * plan.hot_days, hours * hot.p95 * plan.hot_days)
    fits = hot_need.expected <= room
    return Forecast(
        hot_per_day=hours * hot.mean,
        archive_per_day=hours * archive.mean,
        hot=hot_need,
        archive=Need(hours * archive.mean * plan.retention_days, hours * archive.p95 * plan.retention_days),
        archive_from_hot=basis.archive is None,
        room_bytes=room,
        fits=fits,
        days_until_full=None if fits else room / (hours * hot.mean),
    )


def _rate(rows: Sequence[Recorded], size: Callable[[Recorded], int]) -> Rate:
    each = sorted(size(row) / row.hours for row in rows)
    p95 = statistics.quantiles(each, n=20, method="inclusive")[-1] if len(each) > 1 else each[0]
    return Rate(sum(size(row) for row in rows) / sum(row.hours for row in rows), statistics.median(each), p95)


def _sum(one: Rate, other: Rate) -> tuple[float, float, float]:
    return one.mean + other.mean, one.median + other.median, one.p95 + other.p95


def _slope(samples: Sequence[Sample], value: Callable[[Sample], int]) -> float:
    """Return bytes per day by least squares."""
    start = samples[0].at
    days = [(sample.at - start) / timedelta(days=1) for sample in samples]
    return statistics.linear_regression(days, [value(sample) for sample in samples]).slope


def _later(at: datetime, days: float | None) -> datetime | None:
    """Return a later time, or None if it is beyond the calendar."""
    try:
        return None if days is None else at + timedelta(days=days)
    except OverflowError:
        return None
