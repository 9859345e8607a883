"""The original as workers read it: its segments in order.

The confined processes of the render and ocr stages read what `workers.running.inputs` prepared.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from gateway.core.desktop.guac import WholeInstructions
from gateway.core.desktop.guac.errors import GuacProtocolError
from gateway.storage.local import read_range


def original_chunks(request: dict[str, Any]) -> Callable[[], Iterable[bytes]]:
    """Return a function that opens the bytes named by `original_request`, from the start."""
    return partial(_sound if request["damaged"] else _joined, [Path(path) for path in request["segments"]])


def _joined(paths: list[Path]) -> Iterator[bytes]:
    for path in paths:
        yield from read_range(path)


def _sound(paths: list[Path]) -> Iterator[bytes]:
    """Yield the readable part of each segment, so that a damaged one does not spoil later ones."""
    for path in paths:
        cut = WholeInstructions()
        for piece in read_range(path):
            try:
                yield cut.feed(piece)
            except GuacProtocolError:
                yield cut.sound
                break
