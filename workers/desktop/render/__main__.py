"""`python -m workers.desktop.render IN.guac -o OUT.mp4`: `reelgate render` without the rest of the program.

Startup and exit are a fifth of rendering a minute. Therefore: no Typer, which loads pydantic when it runs (0.15 s);
Python's cyclic garbage collector is off while modules are loaded; and once every file is written and closed, the
process exits without tearing itself down (0.05 to 0.1 s).
"""

import gc

gc.disable()

import os
import sys
from argparse import ArgumentParser
from pathlib import Path

from workers.desktop.render.program import run


def main() -> int:
    """Entry of the program; returns its exit status."""
    os.umask(0o077)  # a video is as confidential as its recording
    gc.freeze()
    gc.enable()
    parser = ArgumentParser(
        "workers.desktop.render", description="Render a recording to an H.264 video that plays in a browser."
    )
    parser.add_argument("source", type=Path, help="the recording (a .guac file)", metavar="IN.guac")
    parser.add_argument("--output", "-o", type=Path, required=True, help="the video to write", metavar="OUT.mp4")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    options = parser.parse_args()
    return run(options.source, options.output, as_json=options.json)


if __name__ == "__main__":
    try:
        status = main()
    except KeyboardInterrupt:
        sys.stderr.write("reelgate: interrupted\n")
        status = 130
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
