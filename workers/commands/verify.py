"""`reelgate verify`: check that a recording is what was recorded.

Exit status: 0 whole, 1 damaged, 2 could not be checked. Results go to standard output, progress to standard error if it is
a terminal.
"""

from collections.abc import Iterator
from typing import Annotated, Final

import typer

from gateway.commands.arguments import OptionalRecordingId
from gateway.commands.opened import command_actor
from gateway.commands.output import say, say_json
from gateway.commands.progress import progress_bar
from gateway.core.errors import InvalidInputError
from gateway.core.evidence import Soundness
from gateway.evidence.missing import TrailComparison, compare_with_trail
from gateway.evidence.verify import Verdict
from workers.commands.opened import opened_context, recording_id_of
from workers.running.work import WorkerContext
from workers.verify.work import all_ids, store_verdict, verify_recording

_STATUS: Final = {Soundness.WHOLE: 0, Soundness.DAMAGED: 1, Soundness.UNKNOWN: 2}


def verify(
    recording: OptionalRecordingId = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All sealed recordings, newest first, and everything the audit trail names.")
    ] = False,
    archive: Annotated[bool, typer.Option("--archive", help="Also read back every archived copy.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON per recording.")] = False,
) -> None:
    """Check chain, signatures, digests, gaps and renditions; report which file and which bytes are wrong.

    Status 0: whole; 1: damaged; 2: it could not be checked.
    """
    if (recording is None) is not everything:
        raise InvalidInputError("name one recording, or use --all")
    with opened_context() as context:
        ids = all_ids(context) if recording is None else [recording_id_of(context, recording)]
        outcomes = [_one(context, recording_id, archive=archive, as_json=as_json) for recording_id in ids]
        with context.database.read() as session:
            compared = compare_with_trail(session) if everything else None
    if compared is not None:
        _say_compared(compared, outcomes, archive=archive, as_json=as_json)
    worst = Soundness.DAMAGED if Soundness.DAMAGED in outcomes else max(outcomes, key=_STATUS.__getitem__, default=None)
    if compared is not None and compared.missing:
        worst = Soundness.DAMAGED
    raise typer.Exit(0 if worst is None else _STATUS[worst])


def _say_compared(compared: TrailComparison, outcomes: list[Soundness], *, archive: bool, as_json: bool) -> None:
    """Name everything in the audit trail that was not found, and print a summary."""
    for missing in compared.missing:
        if as_json:
            say_json(vars(missing), indent=None)
        else:
            say(str(missing))
    if not as_json:
        counts = ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in Soundness)
        say(f"{counts}{'' if archive else '; archive not checked'}")
        count = len(compared.missing)
        say(f"{compared.recording_count} recordings in the audit trail, {count} missing or contradicted")


def _one(context: WorkerContext, recording_id: str, *, archive: bool, as_json: bool) -> Soundness:
    with progress_bar(recording_id) as show:
        verdict = verify_recording(context, recording_id, show, archive=archive)
    with context.database.write() as session:
        store_verdict(session, recording_id, verdict, command_actor().name)
    if as_json:
        faults = [fault.values() for fault in verdict.faults]
        found = {"recording": recording_id, "outcome": verdict.outcome, "faults": faults, "facts": verdict.facts}
        say_json(found | {"reason": verdict.reason}, indent=None)
    else:
        say(*_lines(recording_id, verdict))
    return verdict.outcome


def _lines(recording_id: str, verdict: Verdict) -> Iterator[str]:
    """Return one line for the recording, and one for each fault and each known gap."""
    if verdict.outcome is Soundness.UNKNOWN:
        yield f"{recording_id}  unknown: {verdict.reason}"
        return
    unseen = "" if verdict.facts.get("archive_checked", True) else "  (archive not checked)"
    yield f"{recording_id}  {verdict.outcome}{unseen}"
    yield from (f"  {fault}" for fault in verdict.faults)
    for gap in verdict.facts.get("gaps", []):
        yield f"  gap: {gap['start_ms']} to {'?' if gap['end_ms'] is None else gap['end_ms']} ms, {gap['detail']}"
