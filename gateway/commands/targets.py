"""`reelgate targets list`: the targets users may connect to."""

import typer

from gateway.commands.arguments import AsJson
from gateway.commands.opened import opened
from gateway.commands.output import say_json, say_table
from gateway.db.repositories import targets

targets_app = typer.Typer(help="Targets.", no_args_is_help=True)


@targets_app.callback()
def _targets() -> None:
    """Targets."""


@targets_app.command("list")
def list_targets(as_json: AsJson = False) -> None:
    """List all targets; secrets are never shown."""
    with opened() as (_settings, database), database.read() as session:
        rows = targets.all_with_credentials(session)
    if as_json:
        fields = [
            target.model_dump(exclude={"removed_at"}) | {"has_credential": credential is not None}
            for target, credential in rows
        ]
        say_json(fields)
        return
    say_table(
        ("name", "protocol", "address", "credential", "group", "risk", "recording", "id"),
        [
            (
                target.name,
                target.protocol,
                f"{target.host}:{target.port}",
                "stored" if credential else "none",
                target.target_group,
                target.risk_class,
                target.recording_policy,
                target.id,
            )
            for target, credential in rows
        ],
    )
