"""The letters of a line and their images, from which `workers.desktop.ocr.spelling` learns.

Pure functions over one cropped line.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workers.desktop.ocr.lines import Image

# Cell widths of monospaced fonts in pixels, and how many cells it takes to recognise one.
_NARROWEST, _WIDEST, _CELLS = 5, 24, 6
# Ink on the grid lines, as a share of what is expected by chance. Not 0: underscores and wide letters cross them.
_CROSSING: Final = 0.12
# Grey levels below these are ink: including anti-aliased edges, and the shape of the letter alone.
_FAINT, _INK = 200, 128

Glyph = bytes
"""The look of a letter: its width, its position above the baseline, and its ink as bits."""
_Bounds = NDArray[np.intp]


class Group(NamedTuple):
    """Adjacent letters: their images, and the columns of the line image they occupy."""

    glyphs: tuple[Glyph, ...]
    left: int
    right: int


def glyph_groups(image: Image, words: Sequence[str]) -> list[Group]:
    """Group the letters of a line into probable words; [] if they cannot be separated.

    In a monospaced font words are separated by empty cells, otherwise by the widest gaps, as many as `words` has.
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
    """Return the inner columns of cells with a letter, if the font is monospaced: then no ink crosses the grid."""
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
    """Return runs of columns with ink: letters, unless they touch."""
    ink = (image < _FAINT).any(axis=0)
    return np.flatnonzero(np.diff(np.concatenate(([0], ink.view(np.int8), [0])))).reshape(-1, 2)


def _baseline(ink: NDArray[np.bool_], bounds: _Bounds) -> int:
    """Return the row on which most letters end; it distinguishes a dash from an underscore."""
    ends = [np.flatnonzero(ink[:, left:right].any(axis=1)) for left, right in bounds]
    return int(np.bincount([int(rows[-1]) for rows in ends if rows.size] or [0]).argmax())


def _picture(ink: NDArray[np.bool_], baseline: int) -> Glyph:
    rows = np.flatnonzero(ink.any(axis=1))
    if not rows.size:
        return b""
    top, bottom = int(rows[0]), int(rows[-1])
    return bytes((ink.shape[1] & 255, (bottom - baseline) & 255)) + np.packbits(ink[top : bottom + 1]).tobytes()
