"""The complete capacity report, as one object."""

from dataclasses import dataclass

from sqlmodel import Session

from gateway.capacity import history
from gateway.capacity.sample import now
from gateway.core.capacity import (
    ENOUGH_DAYS,
    ENOUGH_HOURS,
    ENOUGH_RECORDINGS,
    Forecast,
    Growth,
    Measure,
    Plan,
    Sample,
    forecast,
    growth,
    measure,
    measures_by,
)
from gateway.settings import Settings


@dataclass(frozen=True)
class CapacityReport:
    """Figures and their basis. If one is None, the text beside it says why."""

    now: Sample
    floor_bytes: int
    history_days: int
    whole: Measure | None
    by_protocol: list[Measure]
    by_target: list[Measure]
    samples: list[Sample]
    growth: Growth | None
    growth_missing: str | None
    plan: Plan
    forecast: Forecast | None
    forecast_missing: str | None


def report(
    session: Session,
    settings: Settings,
    *,
    sessions: float,
    hours_per_day: float,
    hot_days: float | None = None,
    retention_days: float | None = None,
    protocol: str | None = None,
) -> CapacityReport:
    """Return the current state, and the needs of a plan by the rates of one protocol, or of all."""
    usual_hot, usual_kept = history.kept_days(session, settings)
    plan = Plan(sessions, hours_per_day, usual_hot if hot_days is None else hot_days, retention_days or usual_kept)
    recordings = history.recorded(session)
    basis = measure(row for row in recordings if protocol in {None, row.protocol})
    current, sampled = now(settings, session), history.samples(session)
    floor = settings.free_space_floor_bytes
    grown = growth(sampled, floor)
    return CapacityReport(
        now=current,
        floor_bytes=floor,
        history_days=history.RECORDED_DAYS,
        whole=measure(recordings),
        by_protocol=measures_by(recordings, by_target=False),
        by_target=measures_by(recordings, by_target=True),
        samples=sampled,
        growth=grown,
        growth_missing=None if grown else _growth_missing(sampled),
        plan=plan,
        forecast=forecast(plan, basis, current, floor) if basis else None,
        forecast_missing=_forecast_missing(basis, protocol),
    )


def _growth_missing(samples: list[Sample]) -> str:
    days = (samples[-1].at - samples[0].at).total_seconds() / 86400 if samples else 0
    return (
        f"storage has been sampled for {days:.1f} days; growth is known after {ENOUGH_DAYS:.0f} days"
        " (samples are taken every hour while the server runs)"
    )


def _forecast_missing(basis: Measure | None, protocol: str | None) -> str | None:
    if basis is not None and basis.is_enough:
        return None
    count, hours = (basis.recording_count, basis.hours) if basis else (0, 0.0)
    of = f" of {protocol.upper()}" if protocol else ""
    return (
        f"the last {history.RECORDED_DAYS} days have {count} recordings{of} of a minute or more, {hours:.1f} hours"
        f" together; a forecast needs {ENOUGH_RECORDINGS} and {ENOUGH_HOURS:.0f} hour"
    )
