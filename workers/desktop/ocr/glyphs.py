"""Where the letters of a line stand, and what each looks like: the pictures that `workers.desktop.ocr.spelling` learns from.

Pure functions over one cut-out line.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workers.desktop.ocr.lines import Image

# Widths of a monospaced font's cell in pixels, and how many cells show that it is one.
_NARROWEST, _WIDEST, _CELLS = 5, 24, 6
# Ink on the grid's lines, as a share of what chance would put there; underscores and wide letters cross it.
_CROSSING: Final = 0.12
# Grey levels below these are ink: with the antialiased edges, and what makes the letter's shape.
_FAINT, _INK = 200, 128

Glyph = bytes
"""What a letter looks like: its width, where it stands above the baseline, and its ink as bits."""
_Bounds = NDArray[np.intp]


class Group(NamedTuple):
    """Letters that stand together: their pictures, and the columns of the line image they take up."""

    glyphs: tuple[Glyph, ...]
    left: int
    right: int


def glyph_groups(image: Image, words: Sequence[str]) -> list[Group]:
    """The letters of a line in groups that should be its words; [] when they cannot be told apart.

    In a monospaced font an empty cell parts them; else the widest gaps do, as many as `words` has.
    """
    cells = _cells(image)
    if cells is not None:
        bounds, parts = cells, np.flatnonzero(np.diff(cells[:, 0]) > np.diff(cells[0])[0] + 2) + 1
    else:
        bounds = _between_gaps(image)
        if len(bounds) < len(words):
            return []
        gaps = bounds[1:, 0] - bounds[:-1, 1]
        parts = np.sort(np.argsort(-gaps, kind="stable")[: max(0, len(words) - 1)]) + 1
    ink = image < _INK
    baseline = _baseline(ink, bounds)
    return [
        Group(tuple(_picture(ink[:, left:right], baseline) for left, right in part), int(part[0, 0]), int(part[-1, 1]))
        for part in np.split(bounds, parts)
        if len(part)
    ]


def _cells(image: Image) -> _Bounds | None:
    """Inner columns of the cells that hold a letter, when the font is monospaced: then no ink crosses the grid."""
    ink = (255 - image).sum(axis=0, dtype=np.int64)
    for pitch in range(_NARROWEST, min(_WIDEST, ink.size // _CELLS) + 1):
        folded = ink[: ink.size // pitch * pitch].reshape(-1, pitch)
        on_grid = folded.sum(axis=0)
        phase = int(on_grid.argmin())
        if on_grid[phase] <= _CROSSING * folded.sum() / pitch:
            count = (ink.size - phase) // pitch
            cells = ink[phase : phase + count * pitch].reshape(count, pitch)[:, 1:]
            full = np.flatnonzero(cells.max(axis=1) > 255 - _FAINT)
            return np.stack([full * pitch + phase + 1, (full + 1) * pitch + phase], axis=1) if full.size else None
    return None


def _between_gaps(image: Image) -> _Bounds:
    """Runs of columns with ink: letters, where they do not touch."""
    ink = (image < _FAINT).any(axis=0)
    return np.flatnonzero(np.diff(np.concatenate(([0], ink.view(np.int8), [0])))).reshape(-1, 2)


def _baseline(ink: NDArray[np.bool_], bounds: _Bounds) -> int:
    """The row most letters end on: what tells a dash from an underscore."""
    ends = [np.flatnonzero(ink[:, left:right].any(axis=1)) for left, right in bounds]
    return int(np.bincount([int(rows[-1]) for rows in ends if rows.size] or [0]).argmax())


def _picture(ink: NDArray[np.bool_], baseline: int) -> Glyph:
    rows = np.flatnonzero(ink.any(axis=1))
    if not rows.size:
        return b""
    top, bottom = int(rows[0]), int(rows[-1])
    return bytes((ink.shape[1] & 255, (bottom - baseline) & 255)) + np.packbits(ink[top : bottom + 1]).tobytes()
