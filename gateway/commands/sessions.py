"""`reelgate sessions list`: who used which target, and when."""

import typer

from gateway.commands.arguments import AsJson, Limit
from gateway.commands.opened import opened
from gateway.commands.output import say_json, say_table
from gateway.commands.pages import all_of
from gateway.db.repositories import catalogue

sessions_app = typer.Typer(help="Sessions.", no_args_is_help=True)


@sessions_app.callback()
def _sessions() -> None:
    """Sessions."""


@sessions_app.command("list")
def list_sessions(limit: Limit = 50, as_json: AsJson = False) -> None:
    """List sessions, newest first, each with its recording."""
    with opened() as (_settings, database), database.read() as session:
        rows = all_of(lambda size, cursor: catalogue.sessions(session, user_id=None, limit=size, cursor=cursor), limit)
    if as_json:
        say_json([row.model_dump() | {"recording_id": recorded.id if recorded else None} for row, recorded in rows])
        return
    say_table(
        ("opened", "operator", "target", "protocol", "state", "reason", "address", "recording"),
        [
            (
                f"{row.opened_at:%Y-%m-%d %H:%M:%S}Z",
                row.operator_name,
                row.target_name,
                row.protocol,
                row.state,
                row.close_reason,
                row.client_address,
                recorded.id if recorded else None,
            )
            for row, recorded in rows
        ],
    )
