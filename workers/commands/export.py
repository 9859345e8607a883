"""`reelgate export`: write a bundle, clip or redacted copy to a file, without a server.

Anyone who can read the data folder and its keys can do this. It is audited before the file gets its name.
"""

import math
import os
import re
import tempfile
from pathlib import Path
from typing import Annotated, Final

import typer

from gateway.audit import AuditTag, record
from gateway.commands.arguments import RecordingId
from gateway.commands.ending import UNSOUND
from gateway.commands.opened import command_actor
from gateway.commands.output import say, warn
from gateway.commands.progress import progress_bar
from gateway.core.errors import InvalidInputError
from gateway.core.export import ExportKind
from gateway.core.recording.geometry import Box
from gateway.db.columns import new_id, utc_now
from gateway.db.models import Recording
from gateway.db.repositories import recordings
from gateway.exports import requesting
from gateway.exports.export_request import ExportRequest
from gateway.exports.rules import Region, Rules
from gateway.storage.local import publish, read_range, sha256_of
from workers.commands.opened import opened_context, recording_id_of
from workers.export.export_job import ExportJob, ExportResult
from workers.export.runner import maker_of
from workers.running.work import WorkerContext

_TIME: Final = re.compile(r"(?:(?:(\d+):)?([0-5]?\d):)?(\d+(?:\.\d{1,3})?)")


def export(
    recording: RecordingId,
    output: Annotated[Path, typer.Option("--output", "-o", help="The ZIP to write.", metavar="FILE")],
    query: Annotated[str, typer.Option(help="Add the pictures at this search's hits (bundles only).")] = "",
    clip: Annotated[
        tuple[str, str] | None, typer.Option(help="Export only this range: from and to, as 90, 1:30 or 1:01:30.5.")
    ] = None,
    redact: Annotated[list[str] | None, typer.Option(help="Redact this term; may be repeated.")] = None,
    pattern: Annotated[
        list[str] | None, typer.Option(help="Redact matches of this pattern (RE2); may be repeated.")
    ] = None,
    region: Annotated[
        list[str] | None, typer.Option(help="Redact this region: X,Y,WIDTH,HEIGHT; may be repeated.")
    ] = None,
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Redact lines read with a lower confidence (0 to 1).")
    ] = 0.0,
    name_rules: Annotated[bool, typer.Option("--name-rules", help="Name the rules' texts in the copy.")] = False,
) -> None:
    """Write a bundle with all proofs, a clip, or a redacted copy of a recording."""
    rules = _rules(redact or [], pattern or [], region or [], min_confidence)
    request = _request(query, clip, rules, name_rules=name_rules)
    if os.path.lexists(output) or not output.parent.is_dir():
        raise InvalidInputError(f"{output} must be a new file in an existing folder")
    with opened_context() as context:
        recording_id = recording_id_of(context, recording)
        with context.database.read() as session:
            row = recordings.get(session, recording_id)
            requesting.check_ready(session, row, request)
        made = _write(context, row, request, output)
    say(f"{output} signed with key {made.facts['key_fingerprint']}")
    for fault in made.facts.get("faults", ()):
        warn(fault)
    if made.facts.get("faults"):
        warn("the recording is not sound; the bundle says so")
        raise typer.Exit(UNSOUND)


def _rules(terms: list[str], patterns: list[str], regions: list[str], min_confidence: float) -> Rules | None:
    if not math.isfinite(min_confidence):
        raise InvalidInputError(f"--min-confidence must be a number from 0 to 1, not {min_confidence}")
    if not (terms or patterns or regions or min_confidence):
        return None
    return Rules(tuple(terms), tuple(patterns), tuple(Region(_box(text)) for text in regions), min_confidence)


def _box(text: str) -> Box:
    parts = text.split(",")
    if len(parts) != len(Box._fields) or not all(part.strip().isdecimal() for part in parts):
        raise InvalidInputError(f"{text} is not a region of the screen; give X,Y,WIDTH,HEIGHT in pixels")
    return Box(*map(int, parts))


def _request(query: str, clip: tuple[str, str] | None, rules: Rules | None, *, name_rules: bool) -> ExportRequest:
    start_ms, end_ms = map(_ms, clip) if clip else (0, None)
    kind = ExportKind.REDACTED if rules else ExportKind.CLIP if clip else ExportKind.BUNDLE
    return ExportRequest(kind, start_ms, end_ms, query.strip(), rules, name_rules)


def _ms(text: str) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        raise InvalidInputError(f"{text} is not a time; give seconds, such as 90, 1:30 or 1:01:30.5")
    hours, minutes, seconds = found.groups(default="0")
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000)


def _write(context: WorkerContext, recording: Recording, request: ExportRequest, output: Path) -> ExportResult:
    requester = command_actor()
    with (
        progress_bar("exporting") as show,
        tempfile.TemporaryDirectory(prefix=".reelgate-export-", dir=output.parent) as folder,
    ):
        job = ExportJob(context, recording, request, Path(folder), show, new_id(), requester, utc_now())
        made = maker_of(job)(job)
        digest, size = sha256_of(read_range(made.path))
        about = {"export_id": job.export_id, "size_bytes": size, "sha256": digest, **requesting.described(request)}
        with context.database.write() as session:
            record(session, AuditTag.EXPORT_MADE_BY_COMMAND, requester, subject_id=recording.id, **about)
        publish(made.path, output)
    return made
