"""Image streams: `img` opens one, `blob` carries its bytes, `end` closes it (manual, "img")."""

from typing import NamedTuple

from workers.desktop.display.errors import UnusableInstructionError
from workers.desktop.display.images import from_base64
from workers.desktop.display.limits import MAX_IMAGE_BYTES, MAX_STREAM_BYTES, MAX_STREAMS


class ImageStream(NamedTuple):
    """Where to draw the image, and its encoded bytes so far."""

    layer: int
    x: int
    y: int
    data: bytearray


class ImageStreams:
    """The open image streams by index, limited in number and bytes. Other streams are ignored."""

    def __init__(self) -> None:
        self._streams: dict[str, ImageStream] = {}
        self._bytes = 0

    def open(self, index: str, layer: int, x: int, y: int) -> None:
        """Begin an image. A stream already open under the index is discarded, as in the browser."""
        self.close(index)
        if len(self._streams) >= MAX_STREAMS:
            raise UnusableInstructionError("too many open streams")
        self._streams[index] = ImageStream(layer, x, y, bytearray())

    def append(self, index: str, text: str) -> None:
        """Append a blob. Invalid data discards the stream, so that its `end` draws nothing."""
        stream = self._streams.get(index)
        if stream is None:
            return
        try:
            data = from_base64(text)
        except UnusableInstructionError:
            self.close(index)
            raise
        if len(stream.data) + len(data) > MAX_IMAGE_BYTES or self._bytes + len(data) > MAX_STREAM_BYTES:
            self.close(index)
            raise UnusableInstructionError("an image of too many bytes")
        stream.data.extend(data)
        self._bytes += len(data)

    def close(self, index: str) -> ImageStream | None:
        """Close a stream and return it; None if the index is not that of an image."""
        stream = self._streams.pop(index, None)
        if stream:
            self._bytes -= len(stream.data)
        return stream
