"""Learn the look of each letter in a recording's fonts, and correct readings with it.

A recogniser expects the letters that usually follow each other: it takes the O of "10442,Ostrava" for a zero, drops one
of two dashes, reads a hash differently each time. But on a screen, the same letter of the same font always has the same
pixels. The readings of many lines therefore vote on each letter image, and an image with a clear vote is that letter
everywhere.

Words whose letters touch teach nothing, because they have fewer images than characters.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from workers.desktop.ocr.engine import ReadLine, Word
from workers.desktop.ocr.glyphs import Glyph, Group, glyph_groups
from workers.desktop.ocr.lines import Image

# Votes needed to decide what letter an image is, and the share that must agree.
_VOTES, _SHARE = 3, 0.75
# The letters that a digit is confused with: if it is not the digit, it is this letter. (Search ignores case.)
_LETTER: Final = {"0": "O", "1": "l", "5": "S", "8": "B"}
# Equal images that establish a character's look within one line.
_MANY: Final = 3
# Distinct images and words remembered: the fonts of a desktop have a few thousand letters and sizes.
_MOST: Final = 100_000


@dataclass
class Spelling:
    """The votes of one recording."""

    _votes: defaultdict[Glyph, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _heard: set[tuple[Glyph, ...]] = field(default_factory=set)

    def learn(self, image: Image, line: ReadLine) -> None:
        """Let a reading vote, except for words that were seen before and have already voted."""
        words = line.text.split()
        groups = glyph_groups(image, words)
        if len(groups) != len(words) or len(self._heard) >= _MOST:
            return
        for word, group in zip(words, groups, strict=True):
            if len(word) == len(group.glyphs) and group.glyphs not in self._heard:
                self._heard.add(group.glyphs)
                for character, glyph in zip(word, group.glyphs, strict=True):
                    self._votes[glyph][character] += 1

    def correct(self, image: Image, line: ReadLine) -> ReadLine:
        """Return the reading with misread letters corrected, and the engine's own reading as an alternative.

        If there are as many words as image groups, the words get the boxes of the groups, because an engine only
        estimates where a word begins.
        """
        words = line.text.split()
        groups = glyph_groups(image, words)
        spelt = self._spell(words, groups)
        if not spelt:
            return line
        boxes = tuple(
            Word(word, group.left, group.right - group.left) for word, group in zip(spelt, groups, strict=True)
        )
        if spelt == words:
            return line._replace(words=boxes)
        return ReadLine(" ".join(spelt), line.confidence, boxes, (line.text, *line.alternatives))

    def _spell(self, words: Sequence[str], groups: Sequence[Group]) -> list[str]:
        """Return one word per group; [] if a group neither matches a word nor is known."""
        matched: Sequence[str | None] = words if len(words) == len(groups) else _parted(words, groups)
        usual = _usual_looks(matched, groups)
        spelt = [self._word(word, group.glyphs, usual) for word, group in zip(matched, groups, strict=True)]
        return [word for word in spelt if word] if all(spelt) else []

    def _word(self, word: str | None, glyphs: Sequence[Glyph], usual: dict[str, Glyph]) -> str | None:
        known = [self._known(glyph) for glyph in glyphs]
        if word is None or len(word) != len(glyphs):
            return "".join(one for one in known if one) if all(known) else word
        return "".join(
            settled or (_LETTER.get(read, read) if usual.get(read, glyph) != glyph else read)
            for read, settled, glyph in zip(word, known, glyphs, strict=True)
        )

    def _known(self, glyph: Glyph) -> str | None:
        votes = self._votes.get(glyph)
        if not votes:
            return None
        character, count = votes.most_common(1)[0]
        return character if count >= _VOTES and count >= _SHARE * votes.total() else None


def _parted(words: Sequence[str], groups: Sequence[Group]) -> list[str | None]:
    """Split the characters of a line into its image groups; return empty texts if the numbers differ."""
    text = "".join(words)
    ends = [0]
    for group in groups:
        ends.append(ends[-1] + len(group.glyphs))
    return [text[start:end] if ends[-1] == len(text) else None for start, end in pairwise(ends)]


def _usual_looks(words: Sequence[str | None], groups: Sequence[Group]) -> dict[str, Glyph]:
    """Return the usual images of digits with exactly one other image in this line, which must be another character."""
    looks: defaultdict[str, Counter[Glyph]] = defaultdict(Counter)
    for word, group in zip(words, groups, strict=True):
        if word and len(word) == len(group.glyphs):
            for character, glyph in zip(word, group.glyphs, strict=True):
                looks[character][glyph] += 1
    found = {}
    for character in _LETTER:
        glyph, count = looks[character].most_common(1)[0] if looks[character] else (b"", 0)
        if count >= _MANY and looks[character].total() == count + 1:
            found[character] = glyph
    return found
