"""`python -m workers.render IN.guac -o OUT.mp4`: the same as `reelgate render`, with nothing of the rest of the program.

Starting and ending are a fifth of rendering a minute. Python's collector of cyclic garbage sleeps while modules are
loaded and does not look through them later, at the end (0.07 s) least of all: what they made stays.
"""

import atexit
import gc

gc.disable()

import typer  # noqa: E402 - the collector sleeps first

from workers.render.command import render  # noqa: E402 - as above


def main() -> None:
    """Entry of the program."""
    gc.freeze()
    gc.enable()
    atexit.register(gc.freeze)
    typer.run(render)


if __name__ == "__main__":
    main()
