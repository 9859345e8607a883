"""The original as workers read it: its segments in order.

The confined processes of stages read what `workers.running.inputs` prepared.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from gateway.core.recording.kinds import kind_of
from gateway.core.recording.stream import Stream
from gateway.storage.local import read_range


def original_chunks(request: dict[str, Any]) -> Callable[[], Iterable[bytes]]:
    """Return a function that opens the bytes named by `original_request`, from the start."""
    paths = [Path(path) for path in request["segments"]]
    if request["damaged"]:
        return partial(_sound, paths, kind_of(request["kind"]).new_stream)
    return partial(_joined, paths)


def _joined(paths: list[Path]) -> Iterator[bytes]:
    for path in paths:
        yield from read_range(path)


def _sound(paths: list[Path], new_stream: Callable[[], Stream]) -> Iterator[bytes]:
    """Yield the readable part of each segment, so that a damaged one does not spoil later ones."""
    stream = new_stream()
    for path in paths:
        segment = stream.next_segment()
        for piece in read_range(path):
            yield segment.feed(piece)
            if segment.fault is not None:
                break
