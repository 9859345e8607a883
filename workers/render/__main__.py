"""`python -m workers.render IN.guac -o OUT.mp4`: the same as `reelgate render`, without the rest of the program.

What it starts with and ends with is a fifth of rendering a minute: the cyclic garbage collector sleeps while modules
are loaded, as everything they make stays, and the process ends without Python taking itself apart object by object
(0.07 s), which nothing waits for: all files are closed and whole by then.
"""

import gc
import os
import sys
from typing import NoReturn

gc.disable()

import typer  # noqa: E402 - the collector sleeps first

from workers.render.command import render  # noqa: E402 - as above
from workers.render.memory import keep_freed_memory  # noqa: E402 - as above


def main() -> NoReturn:
    """Entry of the program."""
    keep_freed_memory()
    gc.freeze()
    gc.enable()
    status: object = 0
    try:
        typer.run(render)
    except SystemExit as ended:
        status = ended.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 1)


if __name__ == "__main__":
    main()
