"""`reelgate restore`: an archived recording comes back to hot disk. Wired into the program by `workers.cli`."""

import getpass
import time
from typing import Annotated, Final, NoReturn

import typer

from gateway.audit import Actor
from gateway.core.errors import ReelgateError
from gateway.core.jobs import WorkState
from gateway.db.columns import utc_now
from gateway.db.migrate import upgrade
from gateway.db.models import Order
from gateway.db.repositories import leases, orders, recordings
from gateway.jobs import JobSender
from gateway.pipeline import SendJob
from gateway.restoring import hot_until, order_restore
from gateway.settings import Settings, get_settings
from gateway.telemetry import configure_logging
from workers.orders.runner import run_order
from workers.work import WorkerContext

# As Typer's own for wrong options: what was given cannot be used.
_UNUSABLE: Final = 2
_FAILED: Final = 1
_LOOK_SECONDS: Final = 0.5


class RestoreFailedError(ReelgateError):
    """The order failed, or waits for something that is not there."""


def restore(
    recording: Annotated[str, typer.Argument(help="The recording's id.", metavar="RECORDING")],
    days: Annotated[float, typer.Option(help="Days it stays on hot disk, from when it is there.")] = 7.0,
    wait: Annotated[bool, typer.Option("--wait", help="Restore here and now, with no server or broker.")] = False,
) -> None:
    """Bring an archived recording back to hot disk."""
    settings = get_settings()
    configure_logging(level="ERROR", as_json=settings.log_json)
    try:
        typer.echo(_restore(settings, recording, days, wait=wait))
    except RestoreFailedError as error:
        _fail(str(error), _FAILED)
    except ReelgateError as error:
        _fail(str(error), _UNUSABLE)


def _restore(settings: Settings, recording_id: str, days: float, *, wait: bool) -> str:
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    sender = None if wait else JobSender(settings)
    try:
        order_id = _order(context, recording_id, days, _send_nothing if sender is None else sender.send)
        if not wait:
            return f"{recording_id} will be restored"
        order = run_to_end(context, order_id)
        return f"{recording_id} is hot until {hot_until(order):%Y-%m-%d %H:%M} UTC"
    finally:
        context.database.close()
        if sender is not None:
            sender.close()


def _order(context: WorkerContext, recording_id: str, days: float, send_job: SendJob) -> str:
    with context.database.write() as session:
        row = recordings.get(session, recording_id)
        return order_restore(session, row, days, Actor(getpass.getuser()), send_job).id


def run_to_end(context: WorkerContext, order_id: str) -> Order:
    """Run the order in this process, or watch the worker that has it. Raises RestoreFailedError."""
    while True:
        run_order(context, order_id)
        with context.database.read() as session:
            order = orders.get(session, order_id)
        if order.state is WorkState.DONE:
            return order
        if order.state is WorkState.FAILED or order.error is not None:
            later = "; a running server tries again" if order.state is WorkState.PENDING else ""
            raise RestoreFailedError(f"{order.error}{later}")
        if not leases.is_due(order, utc_now()):
            time.sleep(_LOOK_SECONDS)  # another worker is at it


def _send_nothing(_name: str, *_ids: str) -> None:
    """With --wait the order runs here; a server that is running finds the row by itself."""


def _fail(line: str, status: int) -> NoReturn:
    typer.echo(f"reelgate: {line}", err=True)
    raise typer.Exit(status)
