"""Screens drawn for the tests of reading: known text in known places."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from gateway.core.recording.geometry import Box
from gateway.renditions.keyframes import Frame, Keyframe, KeyframeReader, KeyframeWriter

Colour = tuple[int, int, int]
_FOLDER = Path("/usr/share/fonts/truetype")
MONO = _FOLDER / "dejavu/DejaVuSansMono.ttf"
SANS = _FOLDER / "liberation/LiberationSans-Regular.ttf"
BLACK, WHITE, GREY, NAVY = (0, 0, 0), (255, 255, 255), (190, 190, 190), (0, 43, 54)


class Screen:
    """A picture one draws on, as a frame of a recording."""

    def __init__(self, width: int = 800, height: int = 400, background: Colour = WHITE) -> None:
        self._image = Image.new("RGB", (width, height), background)
        self._draw = ImageDraw.Draw(self._image)

    def write(
        self, x: int, y: int, text: str, *, size: int = 14, colour: Colour = BLACK, font: Path = MONO
    ) -> "Screen":
        self._draw.text((x, y), text, font=ImageFont.truetype(str(font), size), fill=colour)
        return self

    def fill(self, box: Box, colour: Colour) -> "Screen":
        self._draw.rectangle((box.x, box.y, box.right - 1, box.bottom - 1), fill=colour)
        return self

    def frame(self, box: Box, colour: Colour) -> "Screen":
        self._draw.rectangle((box.x, box.y, box.right - 1, box.bottom - 1), outline=colour)
        return self

    def pixels(self) -> Frame:
        return np.array(self._image)


def keyframes(frames: list[Frame], *, every_ms: int = 1000) -> list[tuple[Keyframe, Frame]]:
    """Frames as keyframes that follow each other, with what changed as one box."""
    made = []
    for number, frame in enumerate(frames):
        height, width = frame.shape[:2]
        start = number * every_ms
        damage = (Box(0, 0, width, height),) if not number else _changed(frames[number - 1], frame)
        made.append(
            (Keyframe(number, start, start + every_ms, width, height, damage, number * 10, number * 10 + 10), frame)
        )
    return made


def store(path: Path, frames: list[Frame], *, every_ms: int = 1000) -> KeyframeReader:
    """The same as the file a worker reads."""
    with KeyframeWriter(path) as writer:
        for keyframe, frame in keyframes(frames, every_ms=every_ms):
            writer.add(
                frame,
                offset_ms=keyframe.offset_ms,
                damage=keyframe.damage,
                start_byte=keyframe.start_byte,
                end_byte=keyframe.end_byte,
            )
        writer.close(len(frames) * every_ms)
    return KeyframeReader(path)


def _changed(before: Frame, after: Frame) -> tuple[Box, ...]:
    if before.shape != after.shape:
        return (Box(0, 0, after.shape[1], after.shape[0]),)
    differs = (before != after).any(axis=2)
    if not differs.any():
        return ()
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    x, y = int(columns[0]), int(rows[0])
    return (Box(x, y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1),)
