"""`reelgate capacity`: what recordings take here, how fast storage fills, what a plan needs; without a server.

Caller: `gateway.cli`.
"""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url

from gateway.capacity.report import CapacityReport, report
from gateway.core.capacity import Measure, Rate
from gateway.core.errors import NotFoundError
from gateway.db.database import Database
from gateway.db.migrate import upgrade
from gateway.settings import get_settings
from gateway.telemetry import configure_logging

_UNITS: Final = ("B", "kB", "MB", "GB", "TB")
_STEP: Final = 1000
_WIDTH: Final = 110


def capacity(
    sessions: Annotated[float, typer.Option(min=0, max=100_000, help="Sessions at the same time.")] = 10,
    hours: Annotated[float, typer.Option(min=0, max=24, help="Hours of each day they run.")] = 8,
    hot_days: Annotated[float | None, typer.Option(min=0, help="Days on hot storage; default: as it is set.")] = None,
    retention_days: Annotated[float | None, typer.Option(min=0, help="Days altogether; default: the policy's.")] = None,
    protocol: Annotated[str | None, typer.Option(help="Plan by this protocol's recordings alone.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all figures as JSON, sizes in bytes.")] = False,
) -> None:
    """What recordings take here, how fast storage fills, and what so many sessions would need."""
    settings = get_settings()
    configure_logging(level="ERROR", as_json=settings.log_json)
    path = make_url(settings.database).database
    if settings.database.startswith("sqlite") and not Path(path or "").is_file():
        raise NotFoundError(f"there is no database at {path}; set REELGATE_DATA_DIR to the data folder")
    upgrade(settings.database)
    database = Database(settings.database)
    try:
        with database.read() as session:
            found = report(
                session,
                settings,
                sessions=sessions,
                hours_per_day=hours,
                hot_days=hot_days,
                retention_days=retention_days,
                protocol=protocol,
            )
    finally:
        database.close()
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=1, default=_plain))
    else:
        _show(found)


def size_text(size: float) -> str:
    """A size for people, in decimal units: `1.4 MB`."""
    power = 0
    while abs(size) >= _STEP and power < len(_UNITS) - 1:
        size /= _STEP
        power += 1
    return f"{size:.{1 if power else 0}f} {_UNITS[power]}"


def _show(found: CapacityReport) -> None:
    console = Console(width=_WIDTH, highlight=False)
    rows = [*([found.whole] if found.whole else []), *found.by_protocol, *found.by_target]
    if rows:
        console.print(_rates(rows, found.history_days))
    console.print(_growth(found))
    console.print(_forecast(found))


def _rates(rows: list[Measure], days: int) -> Table:
    table = Table(title=f"Storage of a session-hour, last {days} days (median, 95th percentile)", title_justify="left")
    for name in ("recordings of", "number", "hours", "original", "renditions", "archive"):
        table.add_column(name, justify="left" if name == "recordings of" else "right")
    for row in rows:
        table.add_row(
            " ".join(filter(None, (row.target_name, row.protocol))) or "all",
            str(row.recording_count),
            f"{row.hours:.1f}",
            *(_rate(rate) for rate in (row.original, row.renditions, row.archive)),
        )
    return table


def _rate(rate: Rate | None) -> str:
    return f"{size_text(rate.median)}, {size_text(rate.p95)}" if rate else "none yet"


def _growth(found: CapacityReport) -> str:
    current = f"hot {size_text(found.now.hot_bytes)}, archive {size_text(found.now.archive_bytes)}"
    disk = f"disk {size_text(found.now.free_bytes)} free of {size_text(found.now.total_bytes)}"
    if found.growth is None:
        return f"Now: {current}; {disk}\nGrowth: not known yet: {found.growth_missing}"
    full = "the disk is not filling"
    if found.growth.days_until_full is not None:
        full = f"full in {found.growth.days_until_full:.0f} days"
    return (
        f"Now: {current}; {disk}\nGrowth a day, by {found.growth.days:.0f} days: hot"
        f" {size_text(found.growth.hot_per_day)}, archive {size_text(found.growth.archive_per_day)}; {full}"
    )


def _forecast(found: CapacityReport) -> str:
    plan, made = found.plan, found.forecast
    title = (
        f"Plan: {plan.sessions:g} sessions, {plan.hours_per_day:g} hours a day, {plan.hot_days:g} days hot,"
        f" {plan.retention_days:g} days altogether"
    )
    if made is None:
        return f"{title}\nNo forecast: {found.forecast_missing}"
    fits = "fits" if made.fits else f"does not fit: full after {made.days_until_full:.1f} days"
    note = " (nothing is archived yet: a copy of every file was counted)" if made.archive_from_hot else ""
    return (
        f"{title}\nHot: {size_text(made.hot_per_day)} a day, {size_text(made.hot.expected)} in the end"
        f" (heavy: {size_text(made.hot.heavy)}), room {size_text(made.room_bytes)}: {fits}\n"
        f"Archive: {size_text(made.archive_per_day)} a day, {size_text(made.archive.expected)} in the end"
        f" (heavy: {size_text(made.archive.heavy)}){note}"
    )


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
