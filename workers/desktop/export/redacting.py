"""A redacted copy of a recording: its keyframes, with boxes over what must not be shown.

It is made from the keyframes rather than the video: OCR read every one of them, so the copy has no frame with unknown
text. FFmpeg (by ffmpeg-python) overlays a film of black boxes on the film of keyframes; both have the same times. The
result is decoded again and checked, box by box, before it is accepted.
"""

import subprocess
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import cv2
import ffmpeg
import numpy as np
from numpy.typing import NDArray

from gateway.core.errors import InvalidInputError, ReelgateError
from gateway.core.recording.geometry import Box
from gateway.renditions.keyframes import Frame, Keyframe, KeyframeReader
from workers.desktop.export.covering import Cover

# Text that is not covered must stay legible; about the quality of the renderer's quantiser.
_CRF: Final = 20
# Limited-range luma has black at 16; the encoder's noise inside a black box is a few steps.
_BLACK: Final = 32


# FFmpeg 5.1 loses the times of pictures more than ten days apart, so a picture shown for longer is repeated.
MAX_SHOT_MS: Final = 24 * 3600 * 1000


class RedactionError(ReelgateError):
    """The copy is not as intended and is discarded."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"no copy was made, and nothing was released: {reason}")


@dataclass(frozen=True)
class Redacted:
    """What was written; `covered_ms` is how long at least one box was visible."""

    frame_count: int
    duration_ms: int
    width: int
    height: int
    covered_ms: int


@dataclass(frozen=True)
class _Shot:
    """One picture of the copy: its keyframe's number (None: black), its time in the copy, and the boxes over it."""

    number: int | None
    start_ms: int
    end_ms: int
    boxes: tuple[Box, ...]


def redact(
    reader: KeyframeReader,
    covers: Sequence[Cover],
    target: Path,
    scratch: Path,
    progress: Callable[[float], None],
    *,
    start_ms: int = 0,
    end_ms: int | None = None,
) -> Redacted:
    """Write the redacted copy of `start_ms` to `end_ms` (None: the end).

    `scratch` is an empty folder. Raises InvalidInputError if there is nothing between the bounds, RedactionError if the
    finished copy does not cover everything it should.
    """
    until_ms = reader.end_ms if end_ms is None else min(end_ms, reader.end_ms)
    width, height = _canvas(reader.keyframes)
    shots = _shots(reader.keyframes, covers, start_ms, until_ms, Box(0, 0, width, height))
    if not shots:
        raise InvalidInputError(
            f"nothing was on the screen from {start_ms / 1000:.1f} to {until_ms / 1000:.1f} s; choose other bounds"
        )
    _write_images(reader, shots, scratch, (width, height), progress)
    _encode(shots, scratch, target)
    _look_again(target, shots, progress)
    covered_ms = sum(shot.end_ms - shot.start_ms for shot in shots if shot.boxes)
    return Redacted(len(shots), until_ms - start_ms, width, height, covered_ms)


def engine() -> str:
    """Return the encoder and its version."""
    answer = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True, check=True)
    return f"reelgate redaction, libx264 by {' '.join(answer.stdout.split()[:3])}"


def _canvas(keyframes: Sequence[Keyframe]) -> tuple[int, int]:
    """Return the largest screen size, rounded up to even numbers, as H.264 with 4:2:0 requires."""
    width, height = (max((getattr(frame, side) for frame in keyframes), default=2) for side in ("width", "height"))
    return width + width % 2, height + height % 2


def _shots(
    keyframes: Sequence[Keyframe], covers: Sequence[Cover], start_ms: int, end_ms: int, canvas: Box
) -> list[_Shot]:
    """Yield the keyframes with the boxes to cover while each is shown, in one pass over both by time."""
    coming = deque(sorted(covers, key=lambda cover: cover.start_ms))
    active: list[Cover] = []
    shots: list[_Shot] = []
    for keyframe in keyframes:
        while coming and coming[0].start_ms < keyframe.end_ms:
            active.append(coming.popleft())
        active = [cover for cover in active if cover.end_ms is None or cover.end_ms > keyframe.offset_ms]
        first, last = max(keyframe.offset_ms, start_ms), min(keyframe.end_ms, end_ms)
        if first < last and not shots:
            shots += _held(None, 0, first - start_ms, ())  # the film begins at 0, the first picture perhaps later
        if first < last:
            shots += _held(keyframe.number, first - start_ms, last - start_ms, _boxes(active, canvas))
    return shots


def _held(number: int | None, start_ms: int, end_ms: int, boxes: tuple[Box, ...]) -> Iterator[_Shot]:
    """Yield a picture, repeated if it is shown for longer than MAX_SHOT_MS."""
    for at_ms in range(start_ms, end_ms, MAX_SHOT_MS):
        yield _Shot(number, at_ms, min(at_ms + MAX_SHOT_MS, end_ms), boxes)


def _boxes(covers: Sequence[Cover], canvas: Box) -> tuple[Box, ...]:
    """Align boxes to even pixels: a colour sample covers 2x2."""
    return tuple(sorted({even for cover in covers if (even := _even(cover.box).intersect(canvas)).area}))


def _even(box: Box) -> Box:
    x, y = box.x - box.x % 2, box.y - box.y % 2
    right, bottom = box.right + box.right % 2, box.bottom + box.bottom % 2
    return Box(x, y, right - x, bottom - y)


def _write_images(
    reader: KeyframeReader,
    shots: Sequence[_Shot],
    scratch: Path,
    size: tuple[int, int],
    progress: Callable[[float], None],
) -> None:
    """Write one image per keyframe and one per distinct set of boxes."""
    wanted = {shot.number for shot in shots}
    for keyframe, frame in reader.frames():
        if keyframe.number in wanted:
            _write(scratch / _frame_name(keyframe.number), _placed(frame, size))
            progress(0.5 * keyframe.number / len(reader.keyframes))
    if None in wanted:
        _write(scratch / _frame_name(None), np.zeros((size[1], size[0], 3), np.uint8))
    for boxes in {shot.boxes for shot in shots}:
        _write(scratch / _mask_name(shots, boxes), _mask(boxes, size))


def _placed(frame: Frame, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Place the frame in the canvas's top left corner, as BGR for OpenCV."""
    image = np.zeros((size[1], size[0], 3), np.uint8)
    image[: frame.shape[0], : frame.shape[1]] = cv2.cvtColor(frame, cv2.COLOR_RGB2BGR)
    return image


def _mask(boxes: Sequence[Box], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Draw the boxes in black on a transparent picture."""
    image = np.zeros((size[1], size[0], 4), np.uint8)
    for box in boxes:
        image[box.y : box.bottom, box.x : box.right, 3] = 255
    return image


def _write(path: Path, image: NDArray[np.uint8]) -> None:
    if not cv2.imwrite(str(path), image, [cv2.IMWRITE_PNG_COMPRESSION, 1]):
        raise OSError(f"{path.name} cannot be written")


def _frame_name(number: int | None) -> str:
    return "black.png" if number is None else f"frame-{number:06d}.png"


def _mask_name(shots: Sequence[_Shot], boxes: tuple[Box, ...]) -> str:
    return f"mask-{next(at for at, shot in enumerate(shots) if shot.boxes == boxes):06d}.png"


def _encode(shots: Sequence[_Shot], scratch: Path, target: Path) -> None:
    frames = _film(scratch / "frames.ffconcat", ((_frame_name(shot.number), shot) for shot in shots))
    names = {shot.boxes: _mask_name(shots, shot.boxes) for shot in shots}
    masks = _film(scratch / "masks.ffconcat", ((names[shot.boxes], shot) for shot in shots))
    film = ffmpeg.overlay(frames, masks, format="yuv444").filter("format", "yuv420p")
    output = film.output(
        str(target),
        vcodec="libx264",
        preset="veryfast",
        crf=_CRF,
        bf=0,
        movflags="+faststart",
        fps_mode="passthrough",
        enc_time_base="1/1000",
        video_track_timescale=1000,
        f="mp4",
    )
    try:
        output.run(quiet=True, overwrite_output=True)
    except ffmpeg.Error as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise RedactionError(f"FFmpeg failed: {' '.join(last)[:200]}") from error


def _film(listing: Path, images: Iterator[tuple[str, _Shot]]) -> "ffmpeg.nodes.FilterableStream":
    """Show each image for its time (FFmpeg manual, "concat demuxer"; a rate of 1000 makes its clock count in ms)."""
    lines = ["ffconcat version 1.0"]
    name = ""
    for name, shot in images:
        lines += [f"file '{name}'", "option framerate 1000", f"duration {shot.end_ms - shot.start_ms}ms"]
    lines += [f"file '{name}'", "option framerate 1000"]  # the last one again: its time is when the film ends
    listing.write_text("\n".join(lines) + "\n")
    return ffmpeg.input(str(listing), f="concat", safe=0)  # the names are ours; "safe" would forbid the option


def _look_again(target: Path, shots: Sequence[_Shot], progress: Callable[[float], None]) -> None:
    """Check the finished copy. INVARIANT: no copy is released with a box that is not black."""
    found = 0
    with av.open(target) as container:
        for frame in container.decode(video=0):
            at_ms = round((frame.time or 0.0) * 1000)
            shot = shots[min(found, len(shots) - 1)]
            if found < len(shots) and at_ms != shot.start_ms:
                raise RedactionError(
                    f"a picture would appear at {at_ms / 1000:.3f} s instead of {shot.start_ms / 1000:.3f} s"
                )
            luma = np.frombuffer(memoryview(frame.planes[0]), np.uint8).reshape(-1, frame.planes[0].line_size)
            for box in shot.boxes:
                if luma[box.y : box.bottom, box.x : box.right].max(initial=0) > _BLACK:
                    raise RedactionError(
                        f"at {at_ms / 1000:.3f} s the area {box.width}x{box.height} at ({box.x}, {box.y}) would not be covered"
                    )
            found += 1
            progress(0.8 + 0.2 * min(found, len(shots)) / len(shots))
    if found < len(shots):
        raise RedactionError(f"only {found} of {len(shots)} pictures would be in it")
