"""`reelgate reconcile`: compare rows with bytes in this process, with no server or broker.

The work is a task, so this waits for a worker that is already running it.
"""

from typing import Annotated, Any

import typer

from gateway.audit import AuditTag, record
from gateway.commands.arguments import AsJson
from gateway.commands.ending import INTERRUPTED, UNSOUND, UNUSABLE
from gateway.commands.opened import command_actor
from gateway.commands.output import say, say_json, warn
from gateway.commands.progress import progress_bar
from gateway.core.reconcile import DiscrepancyKind
from gateway.core.work import WorkState
from gateway.db.models import Task
from gateway.db.repositories import discrepancies
from workers.commands.opened import opened_context, send_nothing
from workers.reconcile.task import place_reconcile
from workers.running.work import WorkerContext
from workers.tasks.foreground import run_to_end


def reconcile(
    deep: Annotated[bool, typer.Option("--deep", help="Read every byte and compare digests, not only sizes.")] = False,
    repair: Annotated[bool, typer.Option(help="Repair from a good copy if there is one.")] = True,
    as_json: AsJson = False,
) -> None:
    """Compare rows, files and archive. Status 0: everything matches; 1: discrepancies remain; 2: the run failed."""
    with opened_context() as context:
        task = _ran(context, deep=deep, repair=repair)
        with context.database.read() as session:
            counts = discrepancies.open_counts(session)
    if task.state is not WorkState.DONE:
        warn(f"could not reconcile: {task.error}")
        raise typer.Exit(UNUSABLE)
    if as_json:
        say_json(task.result | {"open": counts})
    else:
        say(*_text(task.result, counts))
    if sum(counts.values()):
        raise typer.Exit(UNSOUND)


def _ran(context: WorkerContext, *, deep: bool, repair: bool) -> Task:
    actor = command_actor()
    with context.database.write() as session:
        task = place_reconcile(session, actor, send_nothing, deep=deep, repair=repair)
        record(session, AuditTag.RECONCILE_REQUESTED_BY_COMMAND, actor, task_id=task.id, deep=deep, repair=repair)
    try:
        with progress_bar("comparing") as show:
            return run_to_end(context, task.id, show)
    except KeyboardInterrupt as error:
        warn("interrupted; it stays ordered: run this again, or a server, to finish it")
        raise typer.Exit(INTERRUPTED) from error


def _text(result: dict[str, Any], counts: dict[DiscrepancyKind, int]) -> list[str]:
    found = f"{result['found_count']} discrepancies found, {result['repaired_count']} repaired"
    lines = [f"{result['recording_count']} recordings compared, {found}"]
    lines.append(f"{result['trail_recording_count']} recordings are in the audit trail, and were looked for")
    if not result["deep"]:
        lines.append("sizes compared; no byte was read, on disk or in the archive (--deep reads them)")
    if result["moving_count"]:
        lines.append(f"{result['moving_count']} recordings are being processed and were left for the next time")
    if result["archive_trouble"]:
        lines.append(f"the archive was not compared: {result['archive_trouble']}")
    lines += [f"open: {count} {kind.replace('_', ' ')}" for kind, count in counts.items() if count]
    return lines
