"""`reelgate recordings list`: recordings and the IDs that other commands take."""

from datetime import datetime
from typing import Annotated, Any

import typer

from gateway.commands.arguments import AsJson, Limit, text_argument, time_argument
from gateway.commands.opened import opened
from gateway.commands.output import say_json, say_table
from gateway.commands.pages import all_of
from gateway.core.recording.states import RecordingState
from gateway.db.models import Recording
from gateway.db.repositories import catalogue

recordings_app = typer.Typer(help="Recordings.", no_args_is_help=True)
_MS_PER_MINUTE = 60_000


@recordings_app.callback()
def _recordings() -> None:
    """Recordings."""


@recordings_app.command("list")
def list_recordings(
    operator: Annotated[
        str | None,
        typer.Option(help="Only operators whose name contains this.", metavar="TEXT", parser=text_argument),
    ] = None,
    target: Annotated[
        str | None, typer.Option(help="Only targets whose name contains this.", metavar="TEXT", parser=text_argument)
    ] = None,
    before: Annotated[
        datetime | None,
        typer.Option(help="Only recordings that started before this time.", metavar="TIME", parser=time_argument),
    ] = None,
    after: Annotated[
        datetime | None,
        typer.Option(help="Only recordings that started at this time or later.", metavar="TIME", parser=time_argument),
    ] = None,
    state: Annotated[RecordingState | None, typer.Option(help="Only recordings in this state.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List recordings, newest first."""
    wanted = catalogue.RecordingFilter(operator, target, before, after, state)
    with opened() as (_settings, database), database.read() as session:
        rows = all_of(lambda size, cursor: catalogue.recordings(session, wanted, limit=size, cursor=cursor), limit)
    if as_json:
        say_json([_fields(row) for row in rows])
        return
    say_table(
        ("began", "length", "operator", "target", "state", "tier", "id"),
        [
            (
                f"{row.started_at:%Y-%m-%d %H:%M:%S}Z",
                _length(row.duration_ms),
                row.operator_name,
                row.target_name,
                row.state,
                row.tier,
                row.id,
            )
            for row in rows
        ],
        right=frozenset({"length"}),
    )


def _fields(row: Recording) -> dict[str, Any]:
    """Return the identifying fields; the stages' long facts are left out."""
    return row.model_dump(exclude={"facts"})


def _length(duration_ms: int | None) -> str:
    if duration_ms is None:
        return ""
    minutes, rest = divmod(duration_ms, _MS_PER_MINUTE)
    return f"{minutes // 60}:{minutes % 60:02}:{rest // 1000:02}"
