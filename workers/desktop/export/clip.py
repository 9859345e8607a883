"""Cut a part of a recording's video into a separate video, exact to the millisecond.

The result begins with what was on the screen at `start_ms` (possibly an earlier frame: frames last until the next) and
ends at `end_ms`. It is re-encoded, because copied packets can begin only at I-frames.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import av
import numpy as np
from av.video.frame import VideoFrame

from gateway.core.errors import InvalidInputError
from gateway.core.recording.geometry import Box
from workers.desktop.render.video import Patch, VideoWriter

ENGINE: Final = f"reelgate clip, libx264 by PyAV {av.__version__}"


class Clip(NamedTuple):
    """The written clip: number of frames, and their duration."""

    frame_count: int
    duration_ms: int


def cut(source: BinaryIO | Path, target: Path, start_ms: int, end_ms: int, progress: Callable[[float], None]) -> Clip:
    """Write the clip. Raises InvalidInputError if the bounds are outside the video, or it cannot be read."""
    try:
        with av.open(source, "r") as container:
            return _cut(container, target, start_ms, end_ms, progress)
    except av.FFmpegError as error:
        raise InvalidInputError(f"the video cannot be read: {error.strerror}") from error


def _cut(
    container: "av.container.InputContainer",
    target: Path,
    start_ms: int,
    end_ms: int,
    progress: Callable[[float], None],
) -> Clip:
    stream = container.streams.video[0]
    duration_ms = round((container.duration or 0) / 1000)
    end_ms = min(end_ms, duration_ms)
    if not 0 <= start_ms < end_ms:
        raise InvalidInputError(f"a clip must begin between 0 and {duration_ms} ms and end after it begins")
    with VideoWriter(target, stream.width, stream.height) as writer:
        for frame, at_ms in _shown(container, start_ms, end_ms):
            whole = Box(0, 0, frame.width, frame.height)
            writer.add([Patch(whole, np.ascontiguousarray(frame.to_ndarray(format="rgba")))], max(0, at_ms - start_ms))
            progress((at_ms - start_ms) / (end_ms - start_ms))
        writer.close(end_ms - start_ms)
        return Clip(writer.frame_count, end_ms - start_ms)


def _shown(container: "av.container.InputContainer", start_ms: int, end_ms: int) -> Iterator[tuple[VideoFrame, int]]:
    """Yield the frames shown between the two times, each with its time; the first may begin earlier."""
    stream = container.streams.video[0]
    container.seek(start_ms * 1000, backward=True)  # in microseconds; seeks to the I-frame before
    before: tuple[VideoFrame, int] | None = None
    for frame in container.decode(stream):
        at_ms = round((frame.time or 0.0) * 1000)
        if at_ms >= end_ms:
            break
        if at_ms > start_ms and before is not None:
            yield before
            before = None
        if at_ms <= start_ms:
            before = frame, at_ms
        else:
            yield frame, at_ms
    if before is not None:
        yield before
