"""Bars of a recording's stages for the person at a terminal.

Callers: `reelgate import --wait` and `reelgate reread --wait`, with `run_to_end`.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

ShowProgress = Callable[[str, float], None]
"""Shows how far (0..1) something named is."""


@contextmanager
def stage_bars(title: str = "") -> Iterator[ShowProgress]:
    """A bar for each name, behind the title, on standard error while it is a terminal, else nothing."""
    columns = TextColumn("{task.description:>6}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bars:
        tasks: dict[str, TaskID] = {}

        def show(name: str, share: float) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(f"{title} {name}".lstrip(), total=1.0)
            bars.update(tasks[name], completed=share)

        yield show
