"""Find the text lines of a frame and crop them, ready for OCR.

Pure functions over arrays, independent of engines and files.

Screen text is sharp and level, so no trained detector is needed: letters are where neighbouring pixels of a row differ.
Those places are closed into words, and words of one height and row are joined into lines. A line's box is then grown to
include ink without horizontal edges (underscores) and separate ink (dots, descenders).

Borders separate lines, and the strokes of large letters are as long as borders. Where pieces of large letters are
found, the frame is examined again at half and a quarter of its size, and a line found there replaces its pieces.
"""

from collections.abc import Iterable
from functools import reduce
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from gateway.core.recording.geometry import Box

Image = NDArray[np.uint8]

# Least step between neighbouring pixels (of 255, strongest channel) that counts as the edge of a letter: light grey
# hints (#b0b0b0 on white) have steps above 40 even when smoothed, jpeg and gradient backgrounds stay below.
_EDGE: Final = 24
# Strokes taller than this are borders and scroll bars, not letters (a 29 px stroke belongs to a 40 px font).
_TALLEST_STROKE: Final = 29
# Lines that cross a border interrupt it by at most this many pixels.
_CROSSING: Final = 3
# Letters at most this many pixels apart form a word at first; wider fonts are joined by height afterwards.
_CLOSE: Final = 11
# Heights of letters without accents and descenders, in pixels: a 7 px font's x-height, a 90 px heading.
_LOWEST, _TALLEST = 4, 90
# Largest gap between words of a line, in letter heights: a space in a monospaced font is 0.9, a column gap is more.
_WORD_GAP: Final = 2.0
# Rows of a word with at least this share of the edges of its busiest rows are the bodies of its letters.
_BUSY: Final = 0.2
# Reach of ascenders and descenders beyond the bodies, in body heights (fonts have 0.3 to 0.4).
_REACH: Final = 0.45
# Greatest height of a dot in pixels, and how many times higher its letter is at least.
_TALLEST_DOT, _DOT = 12, 2.5
# Of underscores at a line's end only both ends have edges: four of them are 2.5 letter heights long.
_TRAILING: Final = 2.5
# (scale divisor, height): lines with pieces of at least this height are searched for at this scale. Strokes of 29
# pixels belong to 40 px fonts, which are 20 px high without ascenders. At a quarter of the size, 160 px fonts are no
# borders.
_LARGER: Final = ((2, 20), (4, 40))
# In a large line, large pieces (at least half its height) cover some of its width, or most of it if the other pieces
# are only remnants of letters. Remnants are no wider than the line is high. A possible small word beside an icon is
# also read separately.
_LARGE_PIECE, _SOME, _MOST = 0.5, 0.25, 0.6
# Column of OpenCV's contour hierarchy (next, previous, first child, parent).
_PARENT: Final = 3
# White margin around a cropped line, in line heights: recognisers expect one (0.2 to 0.3 measured about equal).
_MARGIN: Final = 0.25


def find_lines(frame: Image) -> list[Box]:
    """Return the lines of text in an RGB frame (height, width, 3), top to bottom, left to right."""
    lines = _find(frame)
    for scale, least_height in _LARGER:
        if any(line.height >= least_height for line in lines):
            lines = _with_larger(lines, frame, scale)
    return sorted(lines, key=lambda line: (line.y, line.x))


def _with_larger(lines: list[Box], frame: Image, scale: int) -> list[Box]:
    """Return the lines, with those of large letters found in the frame reduced to 1/`scale` of its size."""
    height, width = frame.shape[0] // scale, frame.shape[1] // scale
    if not height or not width:
        return lines
    smaller = cv2.resize(frame[: height * scale, : width * scale], (width, height), interpolation=cv2.INTER_AREA)
    for found in _find(np.asarray(smaller, np.uint8)):
        large = Box(*(scale * side for side in found))
        pieces = [line for line in lines if _is_within(line, large)]
        replaced = _letters(pieces, large)
        if replaced:
            lines = [line for line in lines if line not in replaced]
            lines.append(reduce(Box.union, replaced, large))
    return lines


def _is_within(piece: Box, line: Box) -> bool:
    middle_x, middle_y = piece.x + piece.width / 2, piece.y + piece.height / 2
    return line.x <= middle_x <= line.right and line.y <= middle_y <= line.bottom


def _letters(pieces: list[Box], line: Box) -> list[Box]:
    """Return the pieces that are letters of the large line; [] if it is small text beside an icon or in a frame."""
    large = [piece for piece in pieces if piece.height >= _LARGE_PIECE * line.height]
    covered = sum(piece.width for piece in large)
    if len(pieces) == 1 or covered < _SOME * line.width:
        return []
    rests = [piece for piece in pieces if piece not in large and piece.width <= line.height]
    return large + rests if covered >= _MOST * line.width else large


def _find(frame: Image) -> list[Box]:
    if frame.shape[0] < _LOWEST or frame.shape[1] < _LOWEST:
        return []  # no letter is that small
    edges, borders = _edges(frame)
    bodies, crumbs = _pieces(edges, borders)
    lines, _ = _absorb(_join(bodies, borders), crumbs)
    small = [line for line in lines if line.height <= _TALLEST_DOT and line.width <= 2 * line.height]
    lines, apart = _absorb([line for line in lines if line not in small], small)
    lines += apart
    return [line for line in lines if line.width >= line.height // 3]


def _edges(frame: Image) -> tuple[Image, Image]:
    """Mark pixels that differ from their right neighbour (255): in letters, and in long vertical strokes (borders)."""
    step = cv2.absdiff(frame[:, 1:], frame[:, :-1])
    red, green, blue = cv2.split(step)
    strongest = cv2.max(cv2.max(red, green), blue)
    edges = cv2.threshold(strongest, _EDGE, 255, cv2.THRESH_BINARY)[1]
    whole = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((_CROSSING, 1), np.uint8))
    borders = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((_TALLEST_STROKE, 1), np.uint8))
    return cv2.subtract(edges, borders), borders


def _pieces(edges: Image, borders: Image) -> tuple[list[Box], list[Box]]:
    """Return words (`bodies`) and pieces too low to be one (`crumbs`: dots, underscores, quotes)."""
    closed = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((1, _CLOSE), np.uint8))
    closed = cv2.subtract(closed, borders)
    contours, hierarchy = cv2.findContours(closed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    bodies, crumbs = [], []
    for at, contour in enumerate(contours):
        if hierarchy[0, at, _PARENT] >= 0:
            continue  # the outline of a hole
        x, y, width, height = cv2.boundingRect(contour)
        box = Box(x, y, width + 1, height)
        if height < _LOWEST:
            crumbs.append(box)
            continue
        part = np.zeros((height, width), np.uint8)
        cv2.drawContours(part, contours, at, 255, cv2.FILLED, hierarchy=hierarchy, maxLevel=1, offset=(-x, -y))
        bodies += _split_rows(box, cv2.bitwise_and(part, edges[y : y + height, x : x + width]) > 0)
    return bodies, crumbs


def _split_rows(box: Box, part: NDArray[np.bool_]) -> list[Box]:
    """Split a box with several lines, which touch at descenders, at rows with few edges.

    Rows far from the bodies of the letters belong to a surrounding frame and are left out.
    """
    rows = np.count_nonzero(part, axis=1)
    busy = rows > _BUSY * np.percentile(rows, 90)
    bounds = np.flatnonzero(np.diff(np.concatenate(([0], busy.view(np.int8), [0]))))
    runs = [(int(top), int(bottom)) for top, bottom in bounds.reshape(-1, 2) if bottom - top >= _LOWEST]
    if not runs:
        return [box] if box.height <= _TALLEST else []
    cuts = [0, *(a[1] + int(np.argmin(rows[a[1] : b[0]])) for a, b in pairwise(runs)), box.height]
    found = []
    for (top, bottom), (least, most) in zip(runs, pairwise(cuts), strict=True):
        if bottom - top <= _TALLEST:
            reach = round(_REACH * (bottom - top)) + 1
            found.append(_fit(box, part, max(least, top - reach), min(most, bottom + reach)))
    return found


def _fit(box: Box, part: NDArray[np.bool_], top: int, bottom: int) -> Box:
    """Return rows `top` to `bottom` of a box, as wide as their content."""
    columns = np.flatnonzero(part[top:bottom].any(axis=0))
    return Box(box.x + int(columns[0]), box.y + top, int(columns[-1] - columns[0]) + 2, bottom - top)


def _join(bodies: Iterable[Box], borders: Image) -> list[Box]:
    """Join words into lines: same row, similar height, a gap of at most a few letters without a border."""
    lines: list[Box] = []
    for body in sorted(bodies):
        for at in range(len(lines) - 1, -1, -1):
            if _same_line(lines[at], body) and not _parted(lines[at], body, borders):
                lines[at] = lines[at].union(body)
                break
        else:
            lines.append(body)
    return lines


def _same_line(line: Box, body: Box) -> bool:
    overlap = min(line.bottom, body.bottom) - max(line.y, body.y)
    low, high = sorted((line.height, body.height))
    return overlap >= 0.5 * low and high <= 2.5 * low and body.x - line.right <= _WORD_GAP * high


def _parted(line: Box, body: Box, borders: Image) -> bool:
    middle = body.y + body.height // 2
    return bool(borders[middle, line.right - 1 : body.x].any())


def _absorb(lines: list[Box], crumbs: Iterable[Box]) -> tuple[list[Box], list[Box]]:
    """Add dots, underscores and quotes to their lines; return the lines, and the crumbs that belong to no line."""
    if not lines:
        return [], list(crumbs)
    grown, apart = list(lines), []
    boxes = np.array(lines)
    left, top, height = boxes[:, 0], boxes[:, 1], boxes[:, 3]
    right, bottom = left + boxes[:, 2], top + height
    for crumb in crumbs:
        above = np.maximum(top - crumb.y, crumb.bottom - bottom)  # how far it sticks out of the line; 0 or less inside
        beside = np.maximum(left - crumb.x, crumb.right - right)
        near = beside <= np.where(crumb.y > top + height // 2, _TRAILING, 1) * height
        fits = near & (above <= _REACH * height) & (height >= _DOT * crumb.height)
        if fits.any():
            best = int(np.argmin(np.where(fits, above, np.iinfo(np.int64).max)))
            grown[best] = grown[best].union(crumb)
        else:
            apart.append(crumb)
    return grown, apart


def cut(frame: Image, line: Box) -> Image:
    """Crop the line as grey levels (height, width): black on white, whatever its colours were, with a white margin."""
    top, left = max(0, line.y - 1), max(0, line.x - 1)
    crop = frame[top : line.bottom + 1, left : line.right + 1]
    distance = cv2.transform(cv2.absdiff(crop, _background(crop)), np.full((1, 3), 1 / 3, np.float32))
    strongest = max(float(np.percentile(distance, 99)), 1.0)
    grey = 255 - cv2.convertScaleAbs(distance, alpha=255 / strongest)
    margin = _margin(line)
    return np.asarray(
        cv2.copyMakeBorder(grey, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=255), np.uint8
    )


def in_frame(line: Box, x: float) -> int:
    """Convert column `x` of the line's cropped image to a column of the frame."""
    return round(x) - _margin(line) + max(0, line.x - 1)


def _margin(line: Box) -> int:
    return round(_MARGIN * line.height) + 1


def _background(crop: Image) -> Image:
    """Return the most common colour of a crop as an image of the same shape: letters cover less than half of a line."""
    bins = (crop >> 4).astype(np.int32)
    keys = (bins[:, :, 0] << 8) | (bins[:, :, 1] << 4) | bins[:, :, 2]
    commonest = np.bincount(keys.ravel()).argmax()
    colour = np.median(crop[keys == commonest], axis=0).astype(np.uint8)
    return np.broadcast_to(colour, crop.shape).copy()
