"""The workers' commands of the `reelgate` program; `gateway.cli` finds them by the entry-point group."""

import typer

from workers.importing.command import import_recording
from workers.ocr.command import text
from workers.ocr.reread import reread
from workers.reconcile.command import reconcile
from workers.render.command import render
from workers.restore.command import restore

app = typer.Typer()
app.command("import")(import_recording)
app.command("reconcile")(reconcile)
app.command("render")(render)
app.command("reread")(reread)
app.command("restore")(restore)
app.command("text")(text)
