"""Is the video that was written the video that was meant? A stage is done when its output was checked."""

from pathlib import Path
from typing import Any, Final

import ffmpeg

from gateway.core.errors import ReelgateError
from gateway.storage.keyframes import KeyframeReader

# The container counts in units of its own track's time scale; half a frame at 25 a second is beyond any rounding.
_TOLERANCE_MS: Final = 20


class RenderCheckError(ReelgateError):
    """The encoder said it was done and the file says otherwise; rendering again may help."""


def check_video(path: Path, *, width: int, height: int, frame_count: int, duration_ms: int) -> None:
    """Probe the file. Raises RenderCheckError when codec, size, number of frames or duration is not as meant."""
    try:
        probe = ffmpeg.probe(str(path), select_streams="v")
    except ffmpeg.Error as error:
        raise RenderCheckError("the video that was written cannot be read") from error
    found, meant = _facts(probe), ("h264", width, height, frame_count)
    if found != meant:
        raise RenderCheckError(f"the video that was written is {found} and not {meant}")
    written_ms = float(probe["format"]["duration"]) * 1000
    if abs(written_ms - duration_ms) > _TOLERANCE_MS:
        raise RenderCheckError(f"the video that was written lasts {written_ms:.0f} ms and not {duration_ms} ms")


def check_keyframes(path: Path, count: int) -> None:
    """Read the index back. Raises RenderCheckError when a keyframe is missing."""
    with KeyframeReader(path) as reader:
        if len(reader.keyframes) != count:
            raise RenderCheckError(f"{len(reader.keyframes)} of {count} keyframes were written")


def _facts(probe: dict[str, Any]) -> tuple[str, int, int, int]:
    stream = (probe.get("streams") or [{}])[0]
    return (
        str(stream.get("codec_name")),
        int(stream.get("width", 0)),
        int(stream.get("height", 0)),
        int(stream.get("nb_frames", 0)),
    )
