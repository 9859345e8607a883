"""Finds the text lines of a frame and cuts them out, ready to be read.

Pure functions over arrays. Nothing here knows an engine or a file.

Screen text is sharp and level, so no trained detector is needed: letters are where neighbouring pixels of a row
differ. Those places are closed to words, words of one height and row joined to lines, and a line's box is then grown
over the ink that has no horizontal edge of its own (underscores) or lies apart (dots, descenders).

The strokes of large letters are as long as borders, which part lines. Where pieces of large letters are found, the frame is
looked at again at a half and a quarter of its size, and what is one line there takes the place of its pieces.
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
# A border is interrupted by the lines that cross it, by this many pixels at most.
_CROSSING: Final = 3
# Letters up to this far apart are one word to begin with; wider fonts are joined by their height afterwards.
_CLOSE: Final = 11
# Heights of letters without accents and descenders, in pixels: a 7 px font's x-height, a 90 px heading.
_LOWEST, _TALLEST = 4, 90
# Gap between words of one line, in heights of the letters: a blank of a monospaced font is 0.9, a column gap is more.
_WORD_GAP: Final = 2.0
# Rows of a word with at least this share of the edges of its busiest rows are its letters' bodies.
_BUSY: Final = 0.2
# Ascenders and descenders reach this far from the bodies, in heights of the bodies (fonts have 0.3 to 0.4).
_REACH: Final = 0.45
# A dot is at most this high, and a letter at least so many times as high as its dot.
_TALLEST_DOT, _DOT = 12, 2.5
# Underscores at a line's end show only their two ends: four of them are 2.5 heights long.
_TRAILING: Final = 2.5
# Where a piece is at least so high, its line is looked for at this scale: strokes of 29 pixels are those of 40 px fonts, which
# are 20 px high without ascenders; at a quarter of the size those of 160 px fonts are no border.
_LARGER: Final = ((2, 20), (4, 40))
# Of a large line, large pieces (half as high) cover some of the width; most of it where the others can only be rests of
# letters. Rests are no wider than the line is high. What may be a small word beside an icon is read by itself as well.
_LARGE_PIECE, _SOME, _MOST = 0.5, 0.25, 0.6
# Column of OpenCV's contour hierarchy (next, previous, first child, parent).
_PARENT: Final = 3
# White round a cut-out line, in heights of the line: recognisers expect some (0.2 to 0.3 measured alike).
_MARGIN: Final = 0.25


def find_lines(frame: Image) -> list[Box]:
    """Lines of text in an RGB frame (height, width, 3), top to bottom, left to right."""
    lines = _find(frame)
    for scale, least_height in _LARGER:
        if any(line.height >= least_height for line in lines):
            lines = _with_larger(lines, frame, scale)
    return sorted(lines, key=lambda line: (line.y, line.x))


def _with_larger(lines: list[Box], frame: Image, scale: int) -> list[Box]:
    """The lines, those of large letters found in a frame of a `scale`th of the size."""
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
    """The pieces that are letters of the large line; [] where it is none, but small text beside an icon or in a frame."""
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
    """Where a pixel differs from its right neighbour (255): in letters, and in long vertical strokes (borders)."""
    step = cv2.absdiff(frame[:, 1:], frame[:, :-1])
    red, green, blue = cv2.split(step)
    strongest = cv2.max(cv2.max(red, green), blue)
    edges = cv2.threshold(strongest, _EDGE, 255, cv2.THRESH_BINARY)[1]
    whole = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((_CROSSING, 1), np.uint8))
    borders = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((_TALLEST_STROKE, 1), np.uint8))
    return cv2.subtract(edges, borders), borders


def _pieces(edges: Image, borders: Image) -> tuple[list[Box], list[Box]]:
    """Words (`bodies`) and what is too low to be one (`crumbs`: dots, underscores, quotes)."""
    closed = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((1, _CLOSE), np.uint8))
    closed = cv2.subtract(closed, borders)
    contours, hierarchy = cv2.findContours(closed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    bodies, crumbs = [], []
    for at, contour in enumerate(contours):
        if hierarchy[0, at, _PARENT] >= 0:
            continue  # the rim of a hole
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
    """Cuts a box that holds several lines where its rows have few edges; lines under each other touch at descenders.

    Rows far from the letters' bodies belong to a frame around them and are left out.
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
    """The rows `top` to `bottom` of a box, as wide as what is in them."""
    columns = np.flatnonzero(part[top:bottom].any(axis=0))
    return Box(box.x + int(columns[0]), box.y + top, int(columns[-1] - columns[0]) + 2, bottom - top)


def _join(bodies: Iterable[Box], borders: Image) -> list[Box]:
    """Words to lines: same row, similar height, a gap of at most a few letters and no border in it."""
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
    """Adds dots, underscores and quotes to the line they belong to; gives the lines and what belongs to none."""
    if not lines:
        return [], list(crumbs)
    grown, apart = list(lines), []
    boxes = np.array(lines)
    left, top, height = boxes[:, 0], boxes[:, 1], boxes[:, 3]
    right, bottom = left + boxes[:, 2], top + height
    for crumb in crumbs:
        above = np.maximum(top - crumb.y, crumb.bottom - bottom)  # how far it sticks out, at most 0 inside
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
    """The line alone, as grey levels (height, width): black on white, whatever its colours were, with a white margin."""
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
    """The frame's column that column `x` of the line's cut image shows."""
    return round(x) - _margin(line) + max(0, line.x - 1)


def _margin(line: Box) -> int:
    return round(_MARGIN * line.height) + 1


def _background(crop: Image) -> Image:
    """The commonest colour of a crop, as an image of its shape: letters cover less than half of a line's box."""
    bins = (crop >> 4).astype(np.int32)
    keys = (bins[:, :, 0] << 8) | (bins[:, :, 1] << 4) | bins[:, :, 2]
    commonest = np.bincount(keys.ravel()).argmax()
    colour = np.median(crop[keys == commonest], axis=0).astype(np.uint8)
    return np.broadcast_to(colour, crop.shape).copy()
