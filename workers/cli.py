"""The workers' commands of the `reelgate` program; `gateway.cli` finds them by the entry-point group."""

import typer

from workers.export.command import export
from workers.importing.command import import_recording
from workers.ocr.command import text
from workers.ocr.reread import reread
from workers.render.command import render
from workers.restore.command import restore
from workers.verify.command import verify

app = typer.Typer()
app.command("import")(import_recording)
app.command("export")(export)
app.command("render")(render)
app.command("reread")(reread)
app.command("restore")(restore)
app.command("text")(text)
app.command("verify")(verify)
