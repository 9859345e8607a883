"""`reelgate export`: a bundle, clip or redacted copy written to a file, without a server. Wired in by `workers.cli`.

Whoever may read the data folder and its keys may do this; it is in the audit trail before the file has its name.
"""

import getpass
import re
import tempfile
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from sqlalchemy import make_url

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import InvalidInputError, NotFoundError, ReelgateError
from gateway.core.export import ExportKind
from gateway.core.recording.geometry import Box
from gateway.db.columns import new_id, utc_now
from gateway.db.migrate import upgrade
from gateway.db.models import Recording
from gateway.db.repositories import recordings
from gateway.exports import ordering
from gateway.exports.rules import Region, Rules
from gateway.exports.wanted import Wanted
from gateway.settings import Settings, get_settings
from gateway.storage.local import publish, read_range, sha256_of
from gateway.telemetry import configure_logging
from workers.export.making import Made, Making
from workers.export.runner import MAKERS
from workers.work import WorkerContext

# As Typer's own for wrong options: what was given cannot be used.
_UNUSABLE: Final = 2
_UNSOUND: Final = 1
_TIME: Final = re.compile(r"(?:(?:(\d+):)?([0-5]?\d):)?(\d+(?:\.\d{1,3})?)")


def export(
    recording: Annotated[str, typer.Argument(help="The recording's id.", metavar="RECORDING")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The ZIP to write.", metavar="FILE")],
    query: Annotated[str, typer.Option(help="Of a bundle: add the pictures at this search's hits.")] = "",
    clip: Annotated[
        tuple[str, str] | None, typer.Option(help="A clip, or what to redact: from and to, as 90, 1:30 or 1:01:30.5.")
    ] = None,
    redact: Annotated[list[str] | None, typer.Option(help="A copy without this term; may be given again.")] = None,
    pattern: Annotated[list[str] | None, typer.Option(help="A copy without what fits this (RE2).")] = None,
    region: Annotated[list[str] | None, typer.Option(help="A copy without this place: X,Y,WIDTH,HEIGHT.")] = None,
    min_confidence: Annotated[float, typer.Option(help="A copy without lines read with less (0 to 1).")] = 0.0,
    name_rules: Annotated[bool, typer.Option("--name-rules", help="Say in the copy what was covered.")] = False,
) -> None:
    """Write a bundle with all proofs, a clip, or a redacted copy of a recording."""
    settings = get_settings()
    configure_logging(level="ERROR", as_json=settings.log_json)
    try:
        rules = _rules(redact or [], pattern or [], region or [], min_confidence)
        wanted = _wanted(query, clip, rules, name_rules=name_rules)
        made = _export(settings, recording, wanted, output)
    except (ReelgateError, OSError) as error:
        _fail(str(error) if isinstance(error, ReelgateError) else f"{output}: {error.strerror}", _UNUSABLE)
    typer.echo(f"{output} signed with key {made.facts['key_fingerprint']}")
    for fault in made.facts.get("faults", ()):
        typer.echo(f"reelgate: {fault}", err=True)
    if made.facts.get("faults"):
        _fail("the recording is not sound; the bundle says so", _UNSOUND)


def _rules(terms: list[str], patterns: list[str], regions: list[str], min_confidence: float) -> Rules | None:
    if not (terms or patterns or regions or min_confidence):
        return None
    return Rules(tuple(terms), tuple(patterns), tuple(Region(_box(text)) for text in regions), min_confidence)


def _box(text: str) -> Box:
    parts = text.split(",")
    if len(parts) != len(Box._fields) or not all(part.strip().isdecimal() for part in parts):
        raise InvalidInputError(f"{text} is no place on the screen; give X,Y,WIDTH,HEIGHT in pixels")
    return Box(*map(int, parts))


def _wanted(query: str, clip: tuple[str, str] | None, rules: Rules | None, *, name_rules: bool) -> Wanted:
    start_ms, end_ms = map(_ms, clip) if clip else (0, None)
    kind = ExportKind.REDACTED if rules else ExportKind.CLIP if clip else ExportKind.BUNDLE
    return Wanted(kind, start_ms, end_ms, query.strip(), rules, name_rules)


def _ms(text: str) -> int:
    found = _TIME.fullmatch(text)
    if found is None:
        raise InvalidInputError(f"{text} is no time; give seconds, as 90, 1:30 or 1:01:30.5")
    hours, minutes, seconds = found.groups(default="0")
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000)


def _export(settings: Settings, recording_id: str, wanted: Wanted, output: Path) -> Made:
    path = make_url(settings.database).database
    if settings.database.startswith("sqlite") and not Path(path or "").is_file():
        raise NotFoundError(f"there is no database at {path}; set REELGATE_DATA_DIR to the data folder")
    if output.exists() or not output.parent.is_dir():
        raise InvalidInputError(f"{output} must be a new file in an existing folder")
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    try:
        with context.database.read() as session:
            recording = recordings.get(session, recording_id)
            ordering.check_ready(session, recording, wanted)
        return _write(context, recording, wanted, output)
    finally:
        context.database.close()


def _write(context: WorkerContext, recording: Recording, wanted: Wanted, output: Path) -> Made:
    asker = Actor(getpass.getuser())
    with tempfile.TemporaryDirectory(prefix=".reelgate-export-", dir=output.parent) as folder:
        making = Making(context, recording, wanted, Path(folder), _show_nothing, new_id(), asker, utc_now())
        made = MAKERS[wanted.kind](making)
        digest, size = sha256_of(read_range(made.path))
        about = {"export_id": making.export_id, "size_bytes": size, "sha256": digest, **ordering.described(wanted)}
        with context.database.write() as session:
            record(session, AuditTag.EXPORT_MADE_BY_COMMAND, asker, subject_id=recording.id, **about)
        publish(made.path, output)
    return made


def _show_nothing(_share: float) -> None:
    """A person who waits at a terminal sees when it is done."""


def _fail(line: str, status: int) -> NoReturn:
    typer.echo(f"reelgate: {line}", err=True)
    raise typer.Exit(status)
