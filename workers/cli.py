"""The workers' commands of the `reelgate` program; `gateway.cli` finds them by the entry-point group."""

import typer

from workers.commands.export import export
from workers.commands.import_recording import import_recording
from workers.commands.reconcile import reconcile
from workers.commands.render import render
from workers.commands.reread import reread
from workers.commands.restore import restore
from workers.commands.retry import retry
from workers.commands.text import text
from workers.commands.verify import verify

app = typer.Typer()
app.command("import")(import_recording)
app.command("reconcile")(reconcile)
app.command("export")(export)
app.command("render")(render)
app.command("reread")(reread)
app.command("restore")(restore)
app.command("retry")(retry)
app.command("text")(text)
app.command("verify")(verify)
