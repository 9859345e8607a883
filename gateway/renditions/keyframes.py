"""The rendition `keyframes.zip`: a session's frames as lossless images, for OCR, seeking and thumbnails.

A ZIP archive of stored (not deflated) entries. `index.json` holds the format version, the end time and one entry per
keyframe; the images are PNG. A keyframe is either complete (one image of the full size) or patches of the boxes that
changed since the previous keyframe, so a frame is the last complete one at or before it plus the patches up to it.
"""

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from gateway.core.errors import InvalidInputError, NotFoundError
from gateway.core.recording.geometry import Box, covering

Frame = NDArray[np.uint8]
"""An RGB image: uint8, shape (height, width, 3)."""

FORMAT_VERSION: Final = 1
INDEX_NAME: Final = "index.json"
# Seeking reads at most this many patches. Measured on a terminal sample: 8 ms for the last of 59 keyframes.
WHOLE_EVERY: Final = 64
# A patch of more than half the screen saves too little to be worth the longer chain of patches when seeking.
WHOLE_SHARE: Final = 0.5
# More patches than this cost more in ZIP entries than their smaller area saves.
MAX_BOXES: Final = 16
# Larger than any display (8K is 7680x4320 = 33 million pixels); bounds what a damaged file makes the reader allocate.
MAX_SIDE: Final = 16384
MAX_PIXELS: Final = 64_000_000
# Bytes of the index. An entry took 130 bytes on a sample, so two million keyframes fit.
MAX_INDEX_BYTES: Final = 300_000_000
# PNG level 1 without row filters takes 5.8 ms and 77 kB for a 1280x800 screen, level 6 with filters 24 ms and 75 kB,
# lossless WebP (method 2) 28 ms and 34 kB (means of 9 screens of the samples).
_PNG: Final = [cv2.IMWRITE_PNG_COMPRESSION, 1, cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE]
_RGB: Final = 3
_PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Keyframe:
    """One kept frame: what was on the screen from `offset_ms` to `end_ms` (exclusive).

    `damage` is what changed since the previous keyframe (the whole frame for the first and after a change of size);
    `start_byte` and `end_byte` bound the instructions of the original that drew the change.
    """

    number: int
    offset_ms: int
    end_ms: int
    width: int
    height: int
    damage: tuple[Box, ...]
    start_byte: int
    end_byte: int


@dataclass(frozen=True)
class _Entry:
    """A keyframe's row in the index; `patches` are (x, y, width, height), one image each."""

    offset_ms: int
    width: int
    height: int
    whole: bool
    damage: tuple[Box, ...]
    start_byte: int
    end_byte: int


def _image_name(number: int, part: int) -> str:
    return f"{number:06d}-{part:02d}.png"


class KeyframeWriter:
    """Write the file; it appears under its name only at `close`, complete.

    A context manager: an error leaves nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(path.name + ".partial")
        self._zip = zipfile.ZipFile(self._partial, "w", zipfile.ZIP_STORED)
        self._entries: list[_Entry] = []
        self._since_whole = 0

    @property
    def count(self) -> int:
        """Number of keyframes added so far."""
        return len(self._entries)

    def add(self, image: Frame, *, offset_ms: int, damage: Sequence[Box], start_byte: int, end_byte: int) -> None:
        """Add the next keyframe, as `prepare` does, and write it."""
        self.prepare(image, offset_ms=offset_ms, damage=damage, start_byte=start_byte, end_byte=end_byte)()

    def prepare(
        self, image: Frame, *, offset_ms: int, damage: Sequence[Box], start_byte: int, end_byte: int
    ) -> Callable[[], None]:
        """Add the next keyframe: the full frame (RGB or opaque RGBA, not kept), its time and its damage.

        Copies what is to be stored. The returned callable compresses and writes it, in any thread, one after the other.
        `offset_ms` must not go backwards. Pixels outside `damage` must be unchanged; damage is clipped to the frame.
        """
        if self._entries and offset_ms < self._entries[-1].offset_ms:
            raise InvalidInputError("keyframes must be added in order of time")
        height, width = image.shape[:2]
        boxes = self._changed(Box(0, 0, width, height), damage)
        whole = self._is_whole(width, height, boxes)
        number, to_blue_first = self.count, cv2.COLOR_RGB2BGR if image.shape[2] == _RGB else cv2.COLOR_RGBA2BGR
        parts = [
            cv2.cvtColor(image[box.y : box.bottom, box.x : box.right], to_blue_first)
            for box in ((Box(0, 0, width, height),) if whole else boxes)
        ]
        self._since_whole = 0 if whole else self._since_whole + 1
        self._entries.append(_Entry(offset_ms, width, height, whole, boxes, start_byte, end_byte))
        return lambda: self._write(number, parts)

    def close(self, end_ms: int) -> None:
        """Write the index and give the file its name; `end_ms` is when the last keyframe ends."""
        rows = [asdict(entry) for entry in self._entries]
        index = {"version": FORMAT_VERSION, "end_ms": end_ms, "keyframes": rows}
        self._zip.writestr(INDEX_NAME, json.dumps(index, separators=(",", ":")))
        self._zip.close()
        self._partial.replace(self._path)

    def discard(self) -> None:
        """Remove what was written; does nothing after `close`."""
        self._zip.close()
        self._partial.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def _changed(self, frame: Box, damage: Sequence[Box]) -> tuple[Box, ...]:
        last = self._entries[-1] if self._entries else None
        if last is None or (last.width, last.height) != (frame.width, frame.height):
            return (frame,)
        return covering((box.intersect(frame) for box in damage), MAX_BOXES)

    def _is_whole(self, width: int, height: int, boxes: Sequence[Box]) -> bool:
        return self._since_whole + 1 >= WHOLE_EVERY or sum(box.area for box in boxes) > WHOLE_SHARE * width * height

    def _write(self, number: int, parts: Sequence[Any]) -> None:
        for part, image in enumerate(parts):
            ok, data = cv2.imencode(".png", image, _PNG)
            if not ok:
                raise InvalidInputError(f"a keyframe of {image.shape[1]}x{image.shape[0]} pixels cannot be stored")
            self._zip.writestr(_image_name(number, part), data.tobytes())


class KeyframeReader:
    """Read the file. Everything in it is validated before use: a damaged one raises InvalidInputError, nothing else.

    A context manager; open it anew in each thread.
    """

    def __init__(self, source: Path | IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(source)
        except FileNotFoundError as error:
            raise NotFoundError("there is no keyframes file") from error
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError) as error:
            raise _damaged("not a ZIP archive") from error
        try:
            self._entries, self.end_ms = _parse_index(self._read(INDEX_NAME, MAX_INDEX_BYTES))
        except InvalidInputError:
            self._zip.close()
            raise
        self._keyframes = _keyframes(self._entries, self.end_ms)

    @property
    def keyframes(self) -> Sequence[Keyframe]:
        """All keyframes in order of their numbers, which is the order of time."""
        return self._keyframes

    def frames(self) -> Iterator[tuple[Keyframe, Frame]]:
        """Return every keyframe with its full image, from the first on; the caller may keep each image."""
        frame: Frame | None = None
        for keyframe in self._keyframes:
            frame = self._advance(keyframe.number, frame)
            yield keyframe, frame.copy()

    def frame(self, number: int) -> Frame:
        """Return the full image of keyframe `number`. Raises NotFoundError if there is none."""
        if not 0 <= number < len(self._entries):
            raise NotFoundError(f"there is no keyframe {number}")
        first = number
        while not self._entries[first].whole:
            first -= 1
        frame: Frame | None = None
        for step in range(first, number + 1):
            frame = self._advance(step, frame)
        assert frame is not None  # noqa: S101 - the range above has at least one step
        return frame

    def at(self, offset_ms: int) -> Keyframe:
        """Return the keyframe on the screen at `offset_ms`: the first before its time, the last after its end.

        Raises NotFoundError if the file has no keyframe.
        """
        if not self._keyframes:
            raise NotFoundError("the recording has no keyframe")
        shown = [keyframe for keyframe in self._keyframes if keyframe.offset_ms <= offset_ms]
        return shown[-1] if shown else self._keyframes[0]

    def close(self) -> None:
        """Close the archive; a file object that was passed in stays open."""
        self._zip.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _advance(self, number: int, previous: Frame | None) -> Frame:
        entry = self._entries[number]
        if entry.whole or previous is None:
            return self._image(_image_name(number, 0), entry.width, entry.height)
        for part, box in enumerate(entry.damage):
            patch = self._image(_image_name(number, part), box.width, box.height)
            previous[box.y : box.bottom, box.x : box.right] = patch
        return previous

    def _image(self, name: str, width: int, height: int) -> Frame:
        from PIL import Image  # the renderer only writes, and its startup is part of every rendering

        # A stored PNG is never much larger than its raw pixels; 4 KiB covers its chunks.
        data = self._read(name, width * height * 4 + 4096)
        if _png_size(data) != (width, height):
            raise _damaged(f"{name} is not an image of {width}x{height} pixels")
        try:
            with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
                return np.array(image.convert("RGB"))
        except (OSError, ValueError, SyntaxError, struct.error) as error:
            raise _damaged(f"{name} cannot be decoded") from error

    def _read(self, name: str, limit: int) -> bytes:
        try:
            info = self._zip.getinfo(name)
            if info.compress_type != zipfile.ZIP_STORED or info.file_size > limit:
                raise _damaged(f"{name} is too large")
            return self._zip.read(info)
        except KeyError as error:
            raise _damaged(f"{name} is missing") from error
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, OverflowError) as error:
            raise _damaged(f"{name} cannot be read") from error


def _damaged(what: str) -> InvalidInputError:
    return InvalidInputError(f"the keyframes file is damaged: {what}")


def _png_size(data: bytes) -> tuple[int, int] | None:
    """Return the width and height a PNG claims (its first chunk is IHDR: PNG specification, 5.6), before decoding it."""
    if len(data) < 24 or not data.startswith(_PNG_SIGNATURE) or data[12:16] != b"IHDR":  # noqa: PLR2004 - end of IHDR's size
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _parse_index(data: bytes) -> tuple[list[_Entry], int]:
    try:
        index = json.loads(data)
        version, end_ms, rows = index["version"], int(index["end_ms"]), index["keyframes"]
        if version != FORMAT_VERSION:
            raise _damaged(f"its format version is {version}; this program reads {FORMAT_VERSION}")
        entries = [_parse_entry(row) for row in rows]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise _damaged("its index cannot be read") from error
    _check_task(entries, end_ms)
    return entries, end_ms


def _parse_entry(row: dict[str, Any]) -> _Entry:
    width, height = int(row["width"]), int(row["height"])
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS):
        raise _damaged(f"a keyframe of {width}x{height} pixels")
    damage = tuple(Box(*(int(value) for value in box)) for box in row["damage"])
    frame = Box(0, 0, width, height)
    if len(damage) > MAX_BOXES or not all(box.area and frame.contains(box) for box in damage):
        raise _damaged("a changed area outside its frame")
    times = int(row["offset_ms"]), int(row["start_byte"]), int(row["end_byte"])
    return _Entry(times[0], width, height, row["whole"] is True, damage, times[1], times[2])


def _check_task(entries: Sequence[_Entry], end_ms: int) -> None:
    size: tuple[int, int] | None = None
    last_ms = 0
    for entry in entries:
        if not entry.whole and size != (entry.width, entry.height):
            raise _damaged("a patch without the frame it belongs to")
        if entry.offset_ms < last_ms or end_ms < entry.offset_ms:
            raise _damaged("its times go backwards")
        size, last_ms = (entry.width, entry.height), entry.offset_ms


def _keyframes(entries: Sequence[_Entry], end_ms: int) -> list[Keyframe]:
    ends = [entry.offset_ms for entry in entries[1:]] + [end_ms]
    return [
        Keyframe(number, row.offset_ms, end, row.width, row.height, row.damage, row.start_byte, row.end_byte)
        for number, (row, end) in enumerate(zip(entries, ends, strict=False))
    ]
