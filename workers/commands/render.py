"""`reelgate render`: a recording to a video, for people without the server. Wired into the program by `workers.cli`."""

from pathlib import Path
from typing import Annotated

import typer

from workers.desktop.render.program import run


def render(
    source: Annotated[Path, typer.Argument(help="The recording (a .guac file).", metavar="IN.guac")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The video to write.", metavar="OUT.mp4")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Render a recording to an H.264 video that plays in a browser."""
    raise typer.Exit(run(source, output, as_json=as_json))
