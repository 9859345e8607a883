"""Arguments shared by several commands, validated so that the error names the argument."""

from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from gateway.core.printable import is_printable

_MOST_CHARACTERS: Final = 200


def text_argument(value: str) -> str:
    """Parse text without control characters; for Typer's `parser`."""
    if not is_printable(value):
        raise typer.BadParameter("it has control characters or is not UTF-8 text; use printable UTF-8 text")
    return value


def name_argument(value: str) -> str:
    """Parse a name: one line, not empty, of bounded length; for Typer's `parser`."""
    name = text_argument(value).strip()
    if not name:
        raise typer.BadParameter("it is empty; give a name")
    if len(name) > _MOST_CHARACTERS:
        raise typer.BadParameter(f"it has {len(name)} characters; at most {_MOST_CHARACTERS} are allowed")
    return name


def time_argument(value: str) -> datetime:
    """Parse an ISO 8601 time, UTC unless it has a zone; for Typer's `parser`."""
    try:
        moment = datetime.fromisoformat(text_argument(value))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:  # a zone can move a time out of the calendar
        raise typer.BadParameter(f"{value} is not an ISO 8601 time; write it like 2026-01-31T13:45:00Z") from error


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(min=1, max=1_000_000, help="Print at most this many, newest first.")]
RecordingId = Annotated[
    str,
    typer.Argument(
        help="The recording's ID or a unique prefix of it; see `reelgate recordings list`.",
        metavar="RECORDING",
        parser=text_argument,
    ),
]
OptionalRecordingId = Annotated[
    str | None,
    typer.Argument(
        help="The recording's ID or a unique prefix of it; see `reelgate recordings list`.",
        metavar="[RECORDING]",
        parser=text_argument,
    ),
]
