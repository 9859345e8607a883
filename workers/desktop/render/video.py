"""Write frames to an H.264 video in MP4: variable frame rate, exact times, playable in every browser while it loads."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

import av
import cv2
import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream
from numpy.typing import NDArray

from gateway.core.recording.geometry import Box
from workers.desktop.display import Pixels


class Patch(NamedTuple):
    """A changed box and its RGBA pixels. Position and sides are even, because a colour sample covers 2x2 pixels."""

    box: Box
    pixels: Pixels


_MILLISECOND: Final = Fraction(1, 1000)
# The track also counts in milliseconds. A sample lasts less than 2^31 ticks: 24.8 days (with FFmpeg's default time
# scale of 16000 it would be 37 hours). A picture shown for longer is repeated.
_TIMESCALE: Final = 1000
MAX_SAMPLE_MS: Final = 20 * 24 * 3600 * 1000
_MP4: Final = {"movflags": "+faststart", "video_track_timescale": str(_TIMESCALE)}
# Measured on the two samples (1280x800, 176 and 316 frames, one thread; CPU seconds, bytes, lowest SSIM of luma):
#   superfast crf 24             0.86 s 490 kB 0.995    1.30 s 424 kB 0.999
#   superfast qp 28              0.72 s 481 kB 0.996    1.30 s 513 kB 0.999
#   ultrafast qp 28 + the below  0.64 s 478 kB 0.995    0.85 s 385 kB 0.998
# A constant quantiser avoids the analysis of every frame that rate control needs. CABAC and small intra blocks with 8x8
# transforms keep text small. No look-ahead and no B-frames: a desktop either stands still or changes at once, so they
# gain nothing. An I-frame at least every 250 frames bounds the cost of a seek.
_PRESET: Final = "ultrafast"
_QUANTISER: Final = "28"
_X264: Final = (
    "cabac=1:8x8dct=1:partitions=i4x4,i8x8:"
    "rc-lookahead=0:sync-lookahead=0:bframes=0:mbtree=0:scenecut=0:weightp=0:keyint=250"
)
# A frame costs x264 about the same whatever changed, so it gets the second core. Further cores are for other jobs.
_THREADS: Final = 2
# OpenCV converts with the BT.601 matrix (6 in ITU-T H.273, table 4). The file says so, because players assume 1 for HD.
# Primaries and transfer curve are the monitor's (BT.709: 1).
_MATRIX_BT601: Final = 6
_COLOURS_BT709: Final = 1
_RANGE_LIMITED: Final = 1


class Picture:
    """A frame in the encoder's format (I420, limited range, BT.601 matrix). Only changed parts are converted."""

    def __init__(self, width: int, height: int) -> None:
        self.frame = av.VideoFrame(width, height, "yuv420p")
        self.frame.time_base = _MILLISECOND
        self._planes = [
            np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
            for plane in self.frame.planes
        ]
        self.patch(Patch(Box(0, 0, width, height), np.zeros((height, width, 4), np.uint8)))

    def patch(self, patch: Patch) -> None:
        """Convert a patch into the frame."""
        x, y, width, height = patch.box
        flat = np.asarray(cv2.cvtColor(patch.pixels, cv2.COLOR_RGBA2YUV_I420)).reshape(-1)
        luma, area = width * height, width * height // 4
        _place(self._planes[0], flat[:luma], Box(x, y, width, height))
        half = Box(x // 2, y // 2, width // 2, height // 2)
        _place(self._planes[1], flat[luma : luma + area], half)
        _place(self._planes[2], flat[luma + area :], half)


def _place(plane: NDArray[np.uint8], samples: NDArray[np.uint8], box: Box) -> None:
    plane[box.y : box.bottom, box.x : box.right] = samples.reshape(box.height, box.width)


class VideoWriter:
    """Write a video that gets its name only when complete, at `close`. A context manager; an error leaves no file."""

    def __init__(self, path: Path, width: int, height: int) -> None:
        self._path = path
        self._partial = path.with_name(path.name + ".partial")
        self._container = av.open(str(self._partial), "w", format="mp4", options=_MP4)
        options = {"preset": _PRESET, "qp": _QUANTISER, "x264-params": _X264}
        self._stream = self._container.add_stream("libx264", rate=25, options=options)
        self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuv420p"
        codec = self._stream.codec_context
        codec.time_base = _MILLISECOND
        codec.thread_count, codec.thread_type = _THREADS, "FRAME"
        codec.colorspace, codec.color_range = _MATRIX_BT601, _RANGE_LIMITED
        codec.color_primaries = codec.color_trc = _COLOURS_BT709
        self._picture = Picture(width, height)  # x264 copies every frame it gets
        self._held: Packet[VideoStream] | None = None
        self._last_ms: int | None = None  # when the last frame was added
        self.frame_count = 0

    def add(self, patches: Iterable[Patch], offset_ms: int) -> None:
        """Add the frame shown from `offset_ms` on: the previous one (first: black) with patches. Times must grow."""
        self._hold(offset_ms)
        for patch in patches:
            self._picture.patch(patch)
        self._encode(offset_ms)

    def close(self, end_ms: int) -> None:
        """Show the last frame until `end_ms`, finish the file and give it its name."""
        self._hold(end_ms)
        for packet in self._stream.encode():
            self._write(packet)
        if self._held:
            self._mux(self._held, end_ms)
        self._container.close()
        self._partial.replace(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._container.close()
        self._partial.unlink(missing_ok=True)

    def _hold(self, until_ms: int) -> None:
        """Repeat the last frame as often as needed to reach that time."""
        while self._last_ms is not None and until_ms - self._last_ms > MAX_SAMPLE_MS:
            self._encode(self._last_ms + MAX_SAMPLE_MS)

    def _encode(self, offset_ms: int) -> None:
        self._picture.frame.pts = self._last_ms = offset_ms
        self.frame_count += 1
        for packet in self._stream.encode(self._picture.frame):
            self._write(packet)

    def _write(self, packet: "Packet[VideoStream]") -> None:
        """Write the previous packet, whose duration the next one gives."""
        if self._held and packet.pts is not None:
            self._mux(self._held, packet.pts)
        self._held = packet

    def _mux(self, packet: "Packet[VideoStream]", until_ms: int) -> None:
        packet.duration = until_ms - (packet.pts or 0)
        self._container.mux(packet)
