"""A second opinion on a video: that of the machine's own FFmpeg, by ffmpeg-python.

Called by the render stage in its confined process, before a rendering counts as done. `workers.desktop.render.check` has asked the
library that wrote the file; this asks another build, and has it decode a picture near the end, as a player would. `reelgate render`
does without it: to start two programs takes longer than a short recording's rendering.
"""

from pathlib import Path
from typing import Final

import ffmpeg

from workers.desktop.render.check import RenderCheckError
from workers.desktop.render.report import RenderReport

_TOLERANCE_SECONDS: Final = 0.05


def confirm(video: Path, report: RenderReport) -> None:
    """Raises RenderCheckError when FFmpeg sees another video than the report says, or cannot decode a picture of it."""
    try:
        [stream] = ffmpeg.probe(str(video), select_streams="v")["streams"]
        # From the last I-frame on, wherever it is: the last picture may be held for an hour.
        near_end = ffmpeg.input(str(video), sseof=-1, noaccurate_seek=None)
        one = near_end.output("pipe:", format="rawvideo", pix_fmt="gray", vframes=1)
        picture, _ = one.run(capture_stdout=True, capture_stderr=True)
    except (ffmpeg.Error, ValueError, KeyError) as error:
        raise RenderCheckError("FFmpeg cannot read the video that was written") from error
    seen = stream["codec_name"], stream["width"], stream["height"], int(stream["nb_frames"])
    if seen != ("h264", report.width, report.height, report.frame_count):
        raise RenderCheckError(f"FFmpeg sees {seen} in the video that was written")
    if abs(float(stream["duration"]) - report.duration_ms / 1000) > _TOLERANCE_SECONDS:
        raise RenderCheckError(f"FFmpeg sees {stream['duration']} s in a video of {report.duration_ms} ms")
    if len(picture) != report.width * report.height:
        raise RenderCheckError("FFmpeg cannot decode the video that was written")
