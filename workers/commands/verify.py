"""`reelgate verify`: is a recording what was recorded? Wired into the program by `workers.cli`.

Exit status: 0 whole, 1 damaged, 2 could not be looked at. What was found goes to standard output, progress to standard
error where that is a terminal.
"""

import getpass
import json
import sys
from typing import Annotated, Final

import typer
from sqlalchemy import make_url

from gateway.core.errors import InvalidInputError, NotFoundError, ReelgateError
from gateway.core.evidence import Soundness
from gateway.db.migrate import upgrade
from gateway.evidence.missing import TrailComparison, compare_with_trail
from gateway.evidence.verify import Verdict
from gateway.settings import Settings, get_settings
from gateway.telemetry import configure_logging
from workers.verify.work import all_ids, look_at, write_down
from workers.work import WorkerContext

_STATUS: Final = {Soundness.WHOLE: 0, Soundness.DAMAGED: 1, Soundness.UNKNOWN: 2}


def verify(
    recording: Annotated[str | None, typer.Argument(help="The recording's id.", metavar="RECORDING")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All sealed recordings, the newest first, and all that the audit trail names.")
    ] = False,
    archive: Annotated[bool, typer.Option("--archive", help="Read back every archived copy too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON for each recording.")] = False,
) -> None:
    """Check chain, signatures, digests, gaps and renditions; say which file and which bytes are wrong."""
    settings = get_settings()
    configure_logging(level="ERROR", as_json=settings.log_json)
    try:
        outcomes, compared = _verify(settings, recording, everything=everything, archive=archive, as_json=as_json)
    except ReelgateError as error:
        typer.echo(f"reelgate: {error}", err=True)
        raise SystemExit(_STATUS[Soundness.UNKNOWN]) from error
    if compared is not None:
        _tell_compared(compared, outcomes, archive=archive, as_json=as_json)
    worst = Soundness.DAMAGED if Soundness.DAMAGED in outcomes else max(outcomes, key=_STATUS.__getitem__, default=None)
    if compared is not None and compared.missing:
        worst = Soundness.DAMAGED
    raise SystemExit(0 if worst is None else _STATUS[worst])


def _verify(
    settings: Settings, recording: str | None, *, everything: bool, archive: bool, as_json: bool
) -> tuple[list[Soundness], TrailComparison | None]:
    _check(settings, recording, everything=everything)
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    try:
        ids = all_ids(context) if recording is None else [recording]
        outcomes = [_one(context, recording_id, archive=archive, as_json=as_json) for recording_id in ids]
        if not everything:
            return outcomes, None
        with context.database.read() as session:
            return outcomes, compare_with_trail(session)
    finally:
        context.database.close()


def _tell_compared(compared: TrailComparison, outcomes: list[Soundness], *, archive: bool, as_json: bool) -> None:
    """What the audit trail names and cannot be found, and a summary."""
    for missing in compared.missing:
        typer.echo(json.dumps(vars(missing)) if as_json else str(missing))
    if as_json:
        return
    counts = ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in Soundness)
    typer.echo(f"{counts}{'' if archive else '; archive not looked at'}")
    typer.echo(
        f"{compared.recording_count} recordings in the audit trail, {len(compared.missing)} missing or contradicted"
    )


def _check(settings: Settings, recording: str | None, *, everything: bool) -> None:
    if (recording is None) is not everything:
        raise InvalidInputError("name one recording, or say --all")
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not (settings.data_dir / "reelgate.db").is_file():
        raise NotFoundError(f"there is no database at {url.database}; set REELGATE_DATA_DIR to the data folder")


def _one(context: WorkerContext, recording_id: str, *, archive: bool, as_json: bool) -> Soundness:
    verdict = look_at(context, recording_id, lambda done: _show_progress(recording_id, done), archive=archive)
    _show_progress(recording_id, None)
    with context.database.write() as session:
        write_down(session, recording_id, verdict, getpass.getuser())
    if as_json:
        faults = [fault.values() for fault in verdict.faults]
        found = {"recording": recording_id, "outcome": verdict.outcome, "faults": faults, "facts": verdict.facts}
        typer.echo(json.dumps(found | {"reason": verdict.reason}))
    else:
        typer.echo(_line(recording_id, verdict))
    return verdict.outcome


def _line(recording_id: str, verdict: Verdict) -> str:
    """One line for a recording, and one for each thing that is wrong or known to be missing."""
    if verdict.outcome is Soundness.UNKNOWN:
        return f"{recording_id}  unknown: {verdict.reason}"
    gaps = [
        f"  gap: {gap['start_ms']} to {'?' if gap['end_ms'] is None else gap['end_ms']} ms, {gap['detail']}"
        for gap in verdict.facts.get("gaps", [])
    ]
    unseen = "" if verdict.facts.get("archive_looked_at", True) else "  (archive not looked at)"
    return "\n".join([f"{recording_id}  {verdict.outcome}{unseen}", *(f"  {fault}" for fault in verdict.faults), *gaps])


def _show_progress(recording_id: str, done: float | None) -> None:
    if sys.stderr.isatty():
        text = "" if done is None else f"{recording_id}  {done:4.0%}"
        sys.stderr.write(f"\r{text:50}" + ("\r" if done is None else ""))
        sys.stderr.flush()
