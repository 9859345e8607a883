"""`reelgate reconcile`: rows against bytes, here and now, with no server or broker.

Wired into the program by `workers.cli`. The work is an order, so a worker that has the same one in hand is waited for.
"""

import getpass
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from sqlalchemy import make_url

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import NotFoundError
from gateway.core.jobs import UNFINISHED, WorkState
from gateway.core.reconcile import DiscrepancyKind
from gateway.db.migrate import upgrade
from gateway.db.models import Order
from gateway.db.repositories import discrepancies, orders
from gateway.settings import get_settings
from gateway.telemetry import configure_logging
from workers.orders.runner import run_order
from workers.reconcile.order import place_reconcile
from workers.work import WorkerContext

_LOOK_SECONDS: Final = 0.25
_OPEN: Final = 1
_FAILED: Final = 2


def reconcile(
    deep: Annotated[bool, typer.Option("--deep", help="Read every byte and compare digests, not sizes alone.")] = False,
    repair: Annotated[bool, typer.Option(help="Repair from the good copy where there is one.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Compare rows, files and archive. Status 0: all fits; 1: something is left that does not; 2: it could not be done."""
    settings = get_settings()
    configure_logging(level="ERROR", as_json=settings.log_json)
    path = make_url(settings.database).database
    if settings.database.startswith("sqlite") and not Path(path or "").is_file():
        raise NotFoundError(f"there is no database at {path}; set REELGATE_DATA_DIR to the data folder")
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    try:
        order = _ran(context, deep=deep, repair=repair)
        with context.database.read() as session:
            counts = discrepancies.open_counts(session)
    finally:
        context.database.close()
    if order.state is not WorkState.DONE:
        typer.echo(f"reelgate: could not reconcile: {order.error}", err=True)
        raise typer.Exit(_FAILED)
    typer.echo(json.dumps(order.result | {"open": counts}, indent=1) if as_json else _text(order.result, counts))
    if sum(counts.values()):
        raise typer.Exit(_OPEN)


def _ran(context: WorkerContext, *, deep: bool, repair: bool) -> Order:
    actor = Actor(getpass.getuser())
    with context.database.write() as session:
        order = place_reconcile(session, actor, lambda *_ids: None, deep=deep, repair=repair)
        record(session, AuditTag.RECONCILE_ORDERED_BY_COMMAND, actor, order_id=order.id, deep=deep, repair=repair)
    with _watched(context, order.id) as watching:
        while True:
            run_order(context, order.id)
            with context.database.read() as session:
                row = orders.get(session, order.id)
            if row.state not in UNFINISHED or row.error is not None:
                return row
            watching.wait(_LOOK_SECONDS)  # a worker is at it


@contextmanager
def _watched(context: WorkerContext, order_id: str) -> Iterator[threading.Event]:
    """Shows the order's progress on standard error, where that is a terminal; gives the event that ends the showing."""
    ended = threading.Event()
    columns = (TextColumn("comparing"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("comparing", total=1.0)

        def watch() -> None:
            while not ended.wait(_LOOK_SECONDS):
                with context.database.read() as session:
                    bar.update(task, completed=orders.get(session, order_id).progress)

        thread = threading.Thread(target=watch, name="progress", daemon=True)
        thread.start()
        try:
            yield ended
        finally:
            ended.set()
            thread.join()


def _text(result: dict[str, Any], counts: dict[DiscrepancyKind, int]) -> str:
    found = f"{result['found_count']} discrepancies found, {result['repaired_count']} repaired"
    lines = [f"{result['recording_count']} recordings compared, {found}"]
    lines.append(f"{result['trail_recording_count']} recordings are in the audit trail, and were looked for")
    if not result["deep"]:
        lines.append("sizes compared; no byte was read, on disk or in the archive (--deep reads them)")
    if result["moving_count"]:
        lines.append(f"{result['moving_count']} recordings are being worked on and were left for the next time")
    if result["archive_trouble"]:
        lines.append(f"the archive was not compared: {result['archive_trouble']}")
    lines += [f"open: {count} {kind.replace('_', ' ')}" for kind, count in counts.items() if count]
    return "\n".join(lines)
