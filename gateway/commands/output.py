"""Terminal output. Everything goes through here, so no stored or entered text can control the terminal."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import typer

from gateway.core.printable import printable


def say(*lines: str) -> None:
    """Print lines to standard output."""
    for line in lines:
        typer.echo(printable(line))


def warn(line: str) -> None:
    """Print one line to standard error, after the program's name."""
    typer.echo(f"reelgate: {printable(line)}", err=True)


def note(line: str) -> None:
    """Print one line to standard error: anything that is not the result itself."""
    typer.echo(printable(line), err=True)


def say_json(value: Any, *, indent: int | None = 1) -> None:
    """Print JSON with everything but ASCII escaped, so it is safe on a terminal."""
    typer.echo(json.dumps(value, indent=indent, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def say_table(heads: Sequence[str], rows: Iterable[Sequence[object]], *, right: frozenset[str] = frozenset()) -> None:
    """Print columns below their headings, never truncated or wrapped; those named in `right` are right-aligned."""
    from rich.cells import cell_len  # measures wide characters; slow to load

    table = [tuple(heads), *(tuple(printable("" if cell is None else str(cell)) for cell in row) for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (
            f"{' ' * (width - cell_len(cell))}{cell}" if head in right else f"{cell}{' ' * (width - cell_len(cell))}"
            for head, cell, width in zip(heads, row, widths, strict=True)
        )
        typer.echo("  ".join(cells).rstrip())
