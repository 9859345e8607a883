"""Corrects a reading by the letters' own pixels, which on a screen are exactly alike.

Called by `workers.ocr.tracker` on what an engine made of a line. A recogniser sees shapes and is led by what letters
usually follow each other: it takes the O of "10442,Ostrava" for a zero and drops one of four zeros. But a program
draws the same letter with the same pixels each time, so within one line

- a letter that looks unlike all the others that were read as the same character was misread, and
- equal neighbours are at least as many as there are pictures of them (they may touch, and then look like one).

Where letters touch, or are drawn at fractions of a pixel and so each a little differently, nothing is concluded.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workers.ocr.engine import ReadLine
from workers.ocr.lines import Image

# What a character is most often taken for on screens, and what it then is. Searching folds case.
_MISTAKEN: Final = {"0": "O", "O": "0", "1": "l", "l": "1", "I": "l", "5": "S", "S": "5", "8": "B", "B": "8"}
# This many equal pictures make it the character's look in this line.
_MANY: Final = 3
# Share of frequent characters that must look as usual before one that does not is taken for another.
_STEADY: Final = 0.9
# Grey levels below this are ink; antialiased edges between letters are lighter.
_INK: Final = 200

# Widths of a monospaced font's cell in pixels, and how many cells show that it is one.
_NARROWEST, _WIDEST, _CELLS = 5, 24, 6
# Ink on the grid's lines, as a share of what chance would put there; underscores and wide letters cross it.
_CROSSING: Final = 0.12

Glyph = bytes
Bounds = NDArray[np.intp]


def correct(image: Image, line: ReadLine) -> ReadLine:
    """The reading with misread letters put right, and what the engine said kept as an alternative."""
    read = line.text.split()
    seen = _glyphs(image, read)
    if not read or not seen:
        return line
    counted = [_as_many_as_seen(text, glyphs) for text, glyphs in zip(read, seen, strict=True)]
    words = _unlike_others(counted, seen)
    if words == read:
        return line
    boxes = line.words
    if [word.text for word in boxes] == read:
        boxes = tuple(word._replace(text=text) for word, text in zip(boxes, words, strict=True))
    return line._replace(text=" ".join(words), words=boxes, alternatives=(line.text, *line.alternatives))


def _glyphs(image: Image, words: Sequence[str]) -> list[list[Glyph]]:
    """The pictures of the letters, parted into words; empty when they cannot be told apart."""
    bounds = _cells(image)
    if bounds is None:
        bounds = _between_gaps(image)
    counts = [len(word) for word in words]
    if sum(counts) == len(bounds):
        ends = np.cumsum(counts)[:-1]
    elif len(bounds) >= len(words):
        ends = _widest_gaps(bounds, len(words) - 1)
    else:
        return []
    return [[image[:, left:right].tobytes() for left, right in part] for part in np.split(bounds, ends)]


def _cells(image: Image) -> Bounds | None:
    """Inner columns of the cells that hold a letter, when the font is monospaced: then no ink crosses the grid."""
    ink = (255 - image).sum(axis=0, dtype=np.int64)
    for pitch in range(_NARROWEST, min(_WIDEST, ink.size // _CELLS) + 1):
        folded = ink[: ink.size // pitch * pitch].reshape(-1, pitch)
        on_grid = folded.sum(axis=0)
        phase = int(on_grid.argmin())
        if on_grid[phase] <= _CROSSING * folded.sum() / pitch:
            cells = np.resize(ink[phase:], ((ink.size - phase) // pitch, pitch))
            full = np.flatnonzero(cells.max(axis=1) > 255 - _INK)
            return np.stack([full * pitch + phase + 1, (full + 1) * pitch + phase], axis=1)
    return None


def _between_gaps(image: Image) -> Bounds:
    """Runs of columns with ink: letters, where they do not touch."""
    ink = (image < _INK).any(axis=0)
    return np.flatnonzero(np.diff(np.concatenate(([0], ink.view(np.int8), [0])))).reshape(-1, 2)


def _widest_gaps(bounds: Bounds, count: int) -> NDArray[np.intp]:
    """Where the `count` widest gaps are: between words."""
    gaps = bounds[1:, 0] - bounds[:-1, 1]
    return np.sort(np.argsort(-gaps, kind="stable")[:count]) + 1


def _as_many_as_seen(text: str, glyphs: Sequence[Glyph]) -> str:
    """Equal characters in a row at least as often as equal pictures stand in a row, if the rows agree otherwise."""
    read = [(character, len(list(group))) for character, group in groupby(text)]
    seen = [len(list(group)) for _, group in groupby(glyphs)]
    if len(read) != len(seen):
        return text
    return "".join(character * max(count, pictures) for (character, count), pictures in zip(read, seen, strict=True))


def _unlike_others(words: Sequence[str], seen: Sequence[Sequence[Glyph]]) -> list[str]:
    """The words, with a character replaced where its picture is not the one it has everywhere else in the line."""
    looks: defaultdict[str, Counter[Glyph]] = defaultdict(Counter)
    for text, glyphs in zip(words, seen, strict=True):
        for character, glyph in zip(text, glyphs, strict=False) if len(text) == len(glyphs) else ():
            looks[character][glyph] += 1
    if not _is_steady(looks.values()):
        return list(words)
    return [
        "".join(_other(one, looks[one], glyph) for one, glyph in zip(text, glyphs, strict=True))
        if len(text) == len(glyphs)
        else text
        for text, glyphs in zip(words, seen, strict=True)
    ]


def _is_steady(looks: Iterable[Counter[Glyph]]) -> bool:
    """True when characters that occur often nearly always look the same: whole pixels, and letters that do not touch."""
    frequent = [counter for counter in looks if counter.total() >= _MANY]
    usual = sum(counter.most_common(1)[0][1] for counter in frequent)
    return usual >= _STEADY * sum(counter.total() for counter in frequent)


def _other(character: str, looks: Counter[Glyph], glyph: Glyph) -> str:
    """What `character` was mistaken for, when its usual look in this line is another one."""
    usual = looks.most_common(1)[0][1]
    unusual = looks[glyph] == 1 and usual >= _MANY
    return _MISTAKEN.get(character, character) if unusual else character
