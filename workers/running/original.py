"""The original as workers read it: its segments one after the other.

Callers: the confined processes of the render and ocr stages, with what `workers.running.inputs` found for them.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from gateway.core.desktop.guac import WholeInstructions
from gateway.core.desktop.guac.errors import GuacProtocolError
from gateway.storage.local import read_range


def original_chunks(request: dict[str, Any]) -> Callable[[], Iterable[bytes]]:
    """Opens the bytes of what `original_request` named, from the start."""
    return partial(_sound if request["damaged"] else _joined, [Path(path) for path in request["segments"]])


def _joined(paths: list[Path]) -> Iterator[bytes]:
    for path in paths:
        yield from read_range(path)


def _sound(paths: list[Path]) -> Iterator[bytes]:
    """Of each segment what can be read, so that one that is damaged does not spoil those behind it."""
    for path in paths:
        cut = WholeInstructions()
        for piece in read_range(path):
            try:
                yield cut.feed(piece)
            except GuacProtocolError:
                yield cut.sound
                break
