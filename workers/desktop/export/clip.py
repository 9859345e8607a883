"""A piece of a recording's video as a video of its own, exact to the millisecond.

Called by `workers.export.runner`. In: the MP4; out: an MP4 that begins with what was on the screen at `start_ms` (the frame
before it, perhaps: frames last until the next) and ends at `end_ms`. Encoded anew, as copied packets can begin at I-frames only.
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
    """What was written: frames, and how long they last."""

    frame_count: int
    duration_ms: int


def cut(source: BinaryIO | Path, target: Path, start_ms: int, end_ms: int, progress: Callable[[float], None]) -> Clip:
    """Write the clip. Raises InvalidInputError when the bounds do not lie in the video, or it cannot be read."""
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
        raise InvalidInputError(f"a clip begins between 0 and {duration_ms} ms and ends after it begins")
    with VideoWriter(target, stream.width, stream.height) as writer:
        for frame, at_ms in _shown(container, start_ms, end_ms):
            whole = Box(0, 0, frame.width, frame.height)
            writer.add([Patch(whole, np.ascontiguousarray(frame.to_ndarray(format="rgba")))], max(0, at_ms - start_ms))
            progress((at_ms - start_ms) / (end_ms - start_ms))
        writer.close(end_ms - start_ms)
        return Clip(writer.frame_count, end_ms - start_ms)


def _shown(container: "av.container.InputContainer", start_ms: int, end_ms: int) -> Iterator[tuple[VideoFrame, int]]:
    """Frames that were on the screen between the two times, each with its time; the first one may be from before."""
    stream = container.streams.video[0]
    container.seek(start_ms * 1000, backward=True)  # microseconds, to the I-frame before
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
