"""`reelgate capacity`: storage used by recordings, growth, and the needs of a plan; works without a server."""

import math
from dataclasses import asdict
from typing import Annotated, Final

import typer

from gateway.capacity.report import CapacityReport, report
from gateway.commands.arguments import text_argument
from gateway.commands.opened import opened
from gateway.commands.output import say, say_json, say_table
from gateway.core.capacity import Growth, Measure, Need, Rate
from gateway.core.errors import InvalidInputError

_UNITS: Final = ("B", "kB", "MB", "GB", "TB")
_STEP: Final = 1000
_COLUMNS: Final = ("recordings of", "number", "hours", "original", "renditions", "archive")


def capacity(
    sessions: Annotated[float, typer.Option(min=0, max=100_000, help="Number of simultaneous sessions.")] = 10,
    hours: Annotated[float, typer.Option(min=0, max=24, help="Hours they run each day.")] = 8,
    hot_days: Annotated[
        float | None, typer.Option(min=0, max=36500, help="Days on hot storage; default: the configured value.")
    ] = None,
    retention_days: Annotated[
        float | None, typer.Option(min=0, max=36500, help="Total days of retention; default: the policy's.")
    ] = None,
    protocol: Annotated[
        str | None,
        typer.Option(help="Use only this protocol's recordings for the plan.", metavar="NAME", parser=text_argument),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON, sizes in bytes.")] = False,
) -> None:
    """Show how much storage recordings use, how fast it fills, and what a given number of sessions would need."""
    _finite(sessions=sessions, hours=hours, hot_days=hot_days, retention_days=retention_days)
    with opened() as (settings, database), database.read() as session:
        found = report(
            session,
            settings,
            sessions=sessions,
            hours_per_day=hours,
            hot_days=hot_days,
            retention_days=retention_days,
            protocol=protocol,
        )
    if as_json:
        say_json(asdict(found))
    else:
        _show(found)


def size_text(size: float) -> str:
    """Format a size in decimal units: `1.4 MB`."""
    power = 0
    while abs(size) >= _STEP and power < len(_UNITS) - 1:
        size /= _STEP
        power += 1
    return f"{size:.{1 if power else 0}f} {_UNITS[power]}"


def _finite(**given: float | None) -> None:
    for name, value in given.items():
        if value is not None and not math.isfinite(value):
            raise InvalidInputError(f"--{name.replace('_', '-')} must be a finite number, not {value}")


def _show(found: CapacityReport) -> None:
    rows = [*([found.whole] if found.whole else []), *found.by_protocol, *found.by_target]
    if rows:
        say(f"Storage of a session-hour, last {found.history_days} days (median, 95th percentile)")
        say_table(_COLUMNS, map(_cells, rows), right=frozenset(_COLUMNS[1:]))
        say("")
    say(*_growth(found), *_forecast(found))


def _cells(row: Measure) -> tuple[str, ...]:
    return (
        " ".join(filter(None, (row.target_name, row.protocol))) or "all",
        str(row.recording_count),
        f"{row.hours:.1f}",
        *(_rate(rate) for rate in (row.original, row.renditions, row.archive)),
    )


def _rate(rate: Rate | None) -> str:
    return f"{size_text(rate.median)}, {size_text(rate.p95)}" if rate else "none yet"


def _growth(found: CapacityReport) -> list[str]:
    current = f"hot {size_text(found.now.hot_bytes)}, archive {size_text(found.now.archive_bytes)}"
    disk = f"disk {size_text(found.now.free_bytes)} free of {size_text(found.now.total_bytes)}"
    if found.growth is None:
        return [f"Now: {current}; {disk}", f"Growth: not known yet: {found.growth_missing}"]
    full = "the disk is not filling"
    if found.growth.days_until_full is not None:
        full = f"full in {found.growth.days_until_full:.0f} days"
    return [
        f"Now: {current}; {disk}",
        f"Growth a day, by {found.growth.days:.0f} days: {_a_day(found.growth)}; {full}",
    ]


def _forecast(found: CapacityReport) -> list[str]:
    plan, made = found.plan, found.forecast
    title = (
        f"Plan: {plan.sessions:g} sessions, {plan.hours_per_day:g} hours a day, {plan.hot_days:g} days hot,"
        f" {plan.retention_days:g} days altogether"
    )
    if made is None:
        return [title, f"No forecast: {found.forecast_missing}"]
    fits = "fits" if made.fits else f"does not fit: full after {made.days_until_full:.1f} days"
    note = " (nothing is archived yet: a copy of every file was counted)" if made.archive_from_hot else ""
    return [
        title,
        f"Hot: {size_text(made.hot_per_day)} a day, {_in_the_end(made.hot)}, room {size_text(made.room_bytes)}: {fits}",
        f"Archive: {size_text(made.archive_per_day)} a day, {_in_the_end(made.archive)}{note}",
    ]


def _a_day(growth: Growth) -> str:
    return f"hot {size_text(growth.hot_per_day)}, archive {size_text(growth.archive_per_day)}"


def _in_the_end(need: Need) -> str:
    return f"{size_text(need.expected)} in the end (heavy: {size_text(need.heavy)})"
