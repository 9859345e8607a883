"""Decode images on a separate thread before they are drawn.

`workers.desktop.render` passes frames here some time before it draws them. Decoding took two fifths of the drawing
time and does not need the display. Images that were not decoded ahead, or could not be, are left to the display, which
counts its failures.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Final, NamedTuple, Self

from gateway.core.desktop.guac import Instruction
from gateway.core.desktop.guac.opcodes import Opcode
from workers.desktop.display.arguments import need
from workers.desktop.display.blending import Pixels
from workers.desktop.display.errors import UnusableInstructionError
from workers.desktop.display.images import decoded, from_base64, size_of
from workers.desktop.display.streams import ImageStreams

Images = dict[bytes, Pixels]
"""Decoded images by the encoded ones."""


# Pixels decoded and not yet drawn, 4 bytes each: four 1080p screens or one of 4K. Larger images are decoded when drawn.
MAX_PIXELS: Final = 8_300_000


class Foreseen(NamedTuple):
    """Images decoded ahead, and how many pixels they have."""

    images: "Future[Images]"
    pixel_count: int


class AheadDecoder:
    """Find images in instructions and decode them. As a context manager it ends its thread on exit."""

    def __init__(self) -> None:
        self._streams = ImageStreams()
        self._thread = ThreadPoolExecutor(1, "images")
        self._pixel_count = 0

    @property
    def is_full(self) -> bool:
        """Whether the limit of decoded and queued pixels is reached."""
        return self._pixel_count >= MAX_PIXELS // 2

    def begin(self, instructions: Iterable[Instruction]) -> Foreseen:
        """Start decoding the images that end in these instructions. Pass all instructions of a session, in order."""
        encoded, pixel_count = [], 0
        for data, pixels in self._images(instructions):
            if self._pixel_count + pixel_count + pixels <= MAX_PIXELS:
                encoded.append(data)
                pixel_count += pixels
        self._pixel_count += pixel_count
        return Foreseen(self._thread.submit(_decoded, encoded), pixel_count)

    def take(self, foreseen: Foreseen) -> Images:
        """Wait for the images and hand them over; each is returned once."""
        self._pixel_count -= foreseen.pixel_count
        return foreseen.images.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)

    def _images(self, instructions: Iterable[Instruction]) -> Iterator[tuple[bytes, int]]:
        """Decode images; return pixels by encoded image. The display handles those that cannot be decoded."""
        for instruction in instructions:
            with suppress(UnusableInstructionError):
                data = self._image(instruction.opcode, instruction.args)
                if data:
                    width, height = size_of(data)
                    yield data, width * height

    def _image(self, opcode: str, args: tuple[str, ...]) -> bytes | None:
        """Return the image this instruction completes (manual, "Streaming instructions" and "Drawing instructions")."""
        if opcode == Opcode.BLOB:
            need(args, 2)
            self._streams.append(args[0], args[1])
        elif opcode == Opcode.IMG:
            need(args, 6)
            self._streams.open(args[0], 0, 0, 0)
        elif opcode == Opcode.END:
            need(args, 1)
            stream = self._streams.close(args[0])
            return bytes(stream.data) if stream else None
        elif opcode in (Opcode.PNG, Opcode.JPEG):
            need(args, 5)
            return from_base64(args[4])
        return None


def _decoded(encoded: Sequence[bytes]) -> Images:
    images: Images = {}
    for data in encoded:
        with suppress(UnusableInstructionError):
            images[data] = decoded(data)
    return images
