"""Bodies of capacity; sizes in bytes, rates in bytes a session-hour. See `gateway.core.capacity`."""

from datetime import datetime

from gateway.api.schemas import Schema


class RateOut(Schema):
    """The rate over all recordings together, and its distribution among them."""

    mean: float
    median: float
    p95: float


class MeasureOut(Schema):
    """The rates of a group of recordings; `is_enough`: enough of them for a forecast."""

    target_name: str | None
    protocol: str | None
    recording_count: int
    hours: float
    original: RateOut
    renditions: RateOut
    archive: RateOut | None
    is_enough: bool


class SampleOut(Schema):
    """Storage use at one time."""

    at: datetime
    hot_bytes: int
    archive_bytes: int
    free_bytes: int
    total_bytes: int


class GrowthOut(Schema):
    """Growth in bytes per day; `days_until_full` is None if the disk is not filling up."""

    days: float
    sample_count: int
    hot_per_day: float
    archive_per_day: float
    used_per_day: float
    days_until_full: float | None
    full_at: datetime | None


class PlanOut(Schema):
    """The plan a forecast is for."""

    sessions: float
    hours_per_day: float
    hot_days: float
    retention_days: float


class NeedOut(Schema):
    """The expected need, and the need if every session were like the heaviest 5 %."""

    expected: float
    heavy: float


class ForecastOut(Schema):
    """What the plan needs; `days_until_full` is None if it fits."""

    hot_per_day: float
    archive_per_day: float
    hot: NeedOut
    archive: NeedOut
    archive_from_hot: bool
    room_bytes: int
    fits: bool
    days_until_full: float | None


class CapacityOut(Schema):
    """Figures from the site's own history; a missing figure has a text that says why."""

    now: SampleOut
    floor_bytes: int
    history_days: int
    whole: MeasureOut | None
    by_protocol: list[MeasureOut]
    by_target: list[MeasureOut]
    samples: list[SampleOut]
    growth: GrowthOut | None
    growth_missing: str | None
    plan: PlanOut
    forecast: ForecastOut | None
    forecast_missing: str | None
