"""Check that the written video is the intended one: a stage is done only when its output has been checked."""

from pathlib import Path
from typing import Final

import av

from gateway.core.errors import ReelgateError
from gateway.renditions.keyframes import KeyframeReader

# Track durations are in units of the track's time scale; half a frame at 25 a second exceeds any rounding.
_TOLERANCE_MS: Final = 20


class RenderCheckError(ReelgateError):
    """The encoder reported success but the file is wrong; rendering again may help."""


def check_video(path: Path, *, width: int, height: int, frame_count: int, duration_ms: int) -> None:
    """Check the file. Raises RenderCheckError if codec, size, number of frames or duration is wrong.

    The file is read in this process: starting a program took 0.1 s, a tenth of a whole rendering.
    """
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            found = stream.codec.name, stream.width, stream.height, stream.frames
            written_ms = (container.duration or 0) * 1000 / av.time_base
    except (av.FFmpegError, IndexError) as error:
        raise RenderCheckError("the video that was written cannot be read") from error
    meant = "h264", width, height, frame_count
    if found != meant:
        raise RenderCheckError(f"the video that was written is {found} and not {meant}")
    if abs(written_ms - duration_ms) > _TOLERANCE_MS:
        raise RenderCheckError(f"the video that was written lasts {written_ms:.0f} ms and not {duration_ms} ms")


def check_keyframes(path: Path, count: int) -> None:
    """Read the index back. Raises RenderCheckError if a keyframe is missing."""
    with KeyframeReader(path) as reader:
        if len(reader.keyframes) != count:
            raise RenderCheckError(f"{len(reader.keyframes)} of {count} keyframes were written")
