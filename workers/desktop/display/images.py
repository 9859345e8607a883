"""Decode the images of a stream. Their size is read and checked before anything is decoded."""

import binascii
import struct
from typing import Final

import cv2
import numpy as np

from workers.desktop.display.blending import Pixels, is_opaque, multiplied
from workers.desktop.display.errors import UnusableInstructionError
from workers.desktop.display.limits import MAX_DISPLAY_PIXELS, MAX_SIDE

# A hostile stream must not fill the log with a decoder's complaints; failures are counted.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
# OpenCV's threads busy-wait, which costs 5 to 10 % of a rendering's CPU time; a screen is too small to gain from them.
cv2.setNumThreads(1)

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_WEBP_HEAD: Final = 30
# Start-of-frame markers of JPEG (ITU T.81, table B.1): C0..CF without DHT, JPG and DAC.
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_CHANNELS_GREY: Final = 2
_CHANNELS_ALPHA: Final = 4


def decoded(data: bytes) -> Pixels:
    """Decode a PNG, JPEG or WebP file to premultiplied RGBA, shape (height, width, 4).

    Raises UnusableInstructionError if it has another format, is damaged, or is larger than a display may be.
    """
    width, height = size_of(data)
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_DISPLAY_PIXELS):
        raise UnusableInstructionError("an image of an impossible size")
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise UnusableInstructionError("an image that cannot be decoded") from error
    if image is None or image.shape[:2] != (height, width):
        raise UnusableInstructionError("an image that cannot be decoded")
    return _rgba(image)


def _rgba(image: Pixels) -> Pixels:
    if image.dtype != np.uint8:
        image = (image >> 8).astype(np.uint8)
    if image.ndim == _CHANNELS_GREY:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2RGBA))
    if image.shape[2] != _CHANNELS_ALPHA:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGBA))
    straight: Pixels = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGRA2RGBA))
    return straight if is_opaque(straight) else multiplied(straight)


def size_of(data: bytes) -> tuple[int, int]:
    """Return width and height from an image's header. Raises UnusableInstructionError for any other file."""
    try:
        if data.startswith(_PNG) and data[12:16] == b"IHDR":
            width, height = struct.unpack_from(">II", data, 16)
            return width, height
        if data.startswith(b"\xff\xd8"):
            return _jpeg_size(data)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP" and len(data) >= _WEBP_HEAD:
            return _webp_size(data)
    except (struct.error, IndexError) as error:
        raise UnusableInstructionError("an image without a whole header") from error
    raise UnusableInstructionError("an image of an unknown kind")


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Walk the marker segments to the frame header (ITU T.81, B.2.2)."""
    at = 2
    while data[at] == 0xFF:  # noqa: PLR2004 - first byte of every marker
        marker = data[at + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        # Fill bytes may stand before a marker.
        at += 1 if marker == 0xFF else 2 + struct.unpack_from(">H", data, at + 2)[0]  # noqa: PLR2004 - as above
    raise UnusableInstructionError("a JPEG without a frame header")


def _webp_size(data: bytes) -> tuple[int, int]:
    """Read the first chunk of one of the three WebP forms (RFC 9649, 2.5 to 2.7)."""
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise UnusableInstructionError("a WebP of an unknown kind")


def from_base64(text: str) -> bytes:
    """Decode one `blob`. Raises UnusableInstructionError if it is truncated or not base64 (RFC 4648)."""
    try:
        return binascii.a2b_base64(text)
    except (binascii.Error, ValueError) as error:
        raise UnusableInstructionError("data that is not base64") from error
