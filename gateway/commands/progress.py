"""Progress bars on standard error if it is a terminal; nothing if it is a file or a pipe.

Rich is loaded only for a terminal: it takes 0.1 s.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gateway.core.printable import printable

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

ShowShare = Callable[[float], None]
"""Shows how much of the work is done, 0 to 1."""

ShowProgress = Callable[[str, float], None]
"""Shows the same of something named."""


@contextmanager
def progress_bar(title: str) -> Iterator[ShowShare]:
    """Show one bar, removed when the work is done."""
    with progress_bars(transient=True) as show:
        show(title, 0.0)
        yield lambda share: show(title, share)


@contextmanager
def progress_bars(title: str = "", *, transient: bool = False) -> Iterator[ShowProgress]:
    """Show a bar for each name, after the title."""
    if not sys.stderr.isatty():
        yield _show_nothing
        return
    bars, tasks = _bars(transient=transient), dict[str, "TaskID"]()

    def show(name: str, share: float) -> None:
        if name not in tasks:
            tasks[name] = bars.add_task(printable(f"{title} {name}".strip()), total=1.0)
        bars.update(tasks[name], completed=share)

    with bars:
        yield show


def _bars(*, transient: bool) -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    name = TextColumn("{task.description:>6}", markup=False)
    columns = name, BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    return Progress(*columns, console=Console(stderr=True), transient=transient)


def _show_nothing(_name: str, _share: float) -> None:
    """Do nothing: standard error is not a terminal."""
