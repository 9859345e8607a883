"""Check a video with the system's own FFmpeg (by ffmpeg-python), as a second opinion.

The render stage calls this in its confined process before a rendering counts as done. `workers.desktop.render.check`
used the library that wrote the file; this uses another build and also decodes a picture near the end, as a player
would. `reelgate render` skips it, because starting two programs takes longer than rendering a short recording.
"""

from pathlib import Path
from typing import Final

import ffmpeg

from workers.desktop.render.check import RenderCheckError
from workers.desktop.render.report import RenderReport

_TOLERANCE_SECONDS: Final = 0.05


def confirm(video: Path, report: RenderReport) -> None:
    """Raise RenderCheckError if FFmpeg's view of the video differs from the report, or decoding fails."""
    try:
        [stream] = ffmpeg.probe(str(video), select_streams="v")["streams"]
        # From the last I-frame on, wherever it is: the last picture may last for an hour.
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
