"""Frames to an H.264 video in MP4: variable frame rate, exact times, playable while it loads, in every browser."""

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import av
import cv2
import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream
from numpy.typing import NDArray

from workers.display import Pixels

Planes = NDArray[np.uint8]
"""One frame as Y, U and V planes below each other (I420): shape (height * 3 / 2, width)."""

_MILLISECOND: Final = Fraction(1, 1000)
# Measured on the two samples (1280x800, 176 and 316 frames, one thread; CPU seconds, bytes, lowest SSIM of luma):
#   superfast crf 24             0.86 s 490 kB 0.995    1.30 s 424 kB 0.999
#   superfast qp 28              0.72 s 481 kB 0.996    1.30 s 513 kB 0.999
#   ultrafast qp 28 + the below  0.64 s 478 kB 0.995    0.85 s 385 kB 0.998
# A constant quantiser spares the look at every frame that rate control needs, CABAC and small intra blocks with 8x8
# transforms are what makes text small. No look-ahead, no B-frames: a desktop's frames stand still or change at once,
# so they find nothing. A key picture at least every 250 frames bounds the cost of a seek.
_PRESET: Final = "ultrafast"
_QUANTISER: Final = "28"
_X264: Final = (
    "cabac=1:8x8dct=1:partitions=i4x4,i8x8:"
    "rc-lookahead=0:sync-lookahead=0:bframes=0:mbtree=0:scenecut=0:weightp=0:keyint=250"
)
# OpenCV converts with the BT.601 matrix (ITU-T H.273, table 4: 6, the number players assume is 1 for HD, so it is
# written down); colours and curve are the monitor's (BT.709: 1).
_MATRIX_BT601: Final = 6
_COLOURS_BT709: Final = 1
_RANGE_LIMITED: Final = 1


def to_planes(screen: Pixels) -> Planes:
    """RGBA of even sides to I420, limited range, BT.601 matrix."""
    return np.asarray(cv2.cvtColor(screen, cv2.COLOR_RGBA2YUV_I420))


class VideoWriter:
    """Writes the file; it appears under its name only at `close`, whole. A context manager: an error leaves nothing."""

    def __init__(self, path: Path, width: int, height: int) -> None:
        self._path = path
        self._partial = path.with_name(path.name + ".partial")
        self._container = av.open(str(self._partial), "w", format="mp4", options={"movflags": "+faststart"})
        options = {"preset": _PRESET, "qp": _QUANTISER, "x264-params": _X264}
        self._stream = self._container.add_stream("libx264", rate=25, options=options)
        self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, "yuv420p"
        codec = self._stream.codec_context
        codec.time_base = _MILLISECOND
        codec.thread_count = 1
        codec.colorspace, codec.color_range = _MATRIX_BT601, _RANGE_LIMITED
        codec.color_primaries = codec.color_trc = _COLOURS_BT709
        self._held: Packet[VideoStream] | None = None
        self.frame_count = 0

    def add(self, planes: Planes, offset_ms: int) -> None:
        """Add the frame that is seen from `offset_ms` on; times must grow."""
        frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
        frame.pts, frame.time_base = offset_ms, _MILLISECOND
        self.frame_count += 1
        for packet in self._stream.encode(frame):
            self._write(packet)

    def close(self, end_ms: int) -> None:
        """Hold the last frame until `end_ms`, finish the file and give it its name."""
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

    def _write(self, packet: "Packet[VideoStream]") -> None:
        """A packet waits until the next says how long it lasts."""
        if self._held and packet.pts is not None:
            self._mux(self._held, packet.pts)
        self._held = packet

    def _mux(self, packet: "Packet[VideoStream]", until_ms: int) -> None:
        packet.duration = until_ms - (packet.pts or 0)
        self._container.mux(packet)
