"""Track lines of text from keyframe to keyframe, so that each is read once and its span lasts while it is visible.

`workers.desktop.ocr.read` passes every keyframe in order and gets the spans that have ended. Only changed areas are examined,
and only pixels that were not read before are read.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from gateway.core.recording.geometry import Box
from gateway.renditions.keyframes import Frame, Keyframe
from gateway.renditions.spans import Span, SpanWord
from workers.desktop.ocr.engine import Engine, ReadLine
from workers.desktop.ocr.lines import Image, cut, find_lines, in_frame
from workers.desktop.ocr.spelling import Spelling

# Rows above and below a change that are examined with it: enough for whole lines and the borders around them. The first
# row is a multiple of the scales at which large letters are searched for, so that they are always found at the same
# place.
_AROUND: Final = 128
_GRID: Final = 4
# A line that reappears within this time counts as never gone: a blinking cursor comes and goes once a second.
_BLINK_MS: Final = 1500
# Readings remembered by their pixels, about 500 bytes each: enough to scroll back through a long log.
_CACHE_LINES: Final = 20_000
# More lines than this on one screen are noise or an attack: 1080p has about 180 rows of a 6 px font in a few columns.
_MOST_LINES: Final = 3000
# Below this an engine guesses: icons, pictures, text cut by a window's edge.
_LEAST_CONFIDENCE: Final = 0.3

_Place = tuple[Box, str]


@dataclass
class Counts:
    """Statistics: lines seen in changed areas, and how many of them the engine read or were known by their pixels."""

    keyframes: int = 0
    lines_seen: int = 0
    lines_read: int = 0
    cache_hits: int = 0
    lines_unread: int = 0

    @property
    def hit_rate(self) -> float:
        """Share of the lines seen that needed no reading; 0.0 if none was seen."""
        return self.cache_hits / self.lines_seen if self.lines_seen else 0.0


@dataclass
class Tracker:
    """The lines on the screen (`skipped`: unread), those that have just gone, and the readings by pixels."""

    engine: Engine
    counts: Counts = field(default_factory=Counts)
    visible: dict[Box, ReadLine] = field(default_factory=dict)
    skipped: tuple[Box, ...] = ()
    _size: tuple[int, int] = (0, 0)
    _open: dict[_Place, Span] = field(default_factory=dict)
    _gone: dict[_Place, Span] = field(default_factory=dict)
    _cache: OrderedDict[bytes, ReadLine] = field(default_factory=OrderedDict)
    _spelling: Spelling = field(default_factory=Spelling)

    def advance(self, keyframe: Keyframe, frame: Frame) -> Iterator[Span]:
        """Process the next keyframe; return the spans that ended before it. Then `visible` holds its lines."""
        self.counts.keyframes += 1
        self.visible = self._look(keyframe, frame)
        self._update(keyframe)
        yield from self._settled(keyframe.offset_ms - _BLINK_MS)

    def finish(self, end_ms: int) -> Iterator[Span]:
        """Return all remaining spans at the end of the recording."""
        for place, span in self._open.items():
            self._gone[place] = replace(span, end_ms=end_ms)
        self._open, self.visible, self.skipped = {}, {}, ()
        yield from self._settled(end_ms)

    def _look(self, keyframe: Keyframe, frame: Frame) -> dict[Box, ReadLine]:
        """Return all lines of the frame; those outside the change are taken over from the previous keyframe."""
        size = (keyframe.width, keyframe.height)
        if size != self._size:
            self._size, self.visible, self.skipped = size, {}, ()
        if not keyframe.damage:
            return self.visible
        top = min(box.y for box in keyframe.damage)
        bottom = max(box.bottom for box in keyframe.damage)
        kept = {box: line for box, line in self.visible.items() if box.bottom < top or box.y > bottom}
        self.skipped = tuple(box for box in self.skipped if box.bottom < top or box.y > bottom)
        return kept | self._read(frame, self._lines(frame, top, bottom, kept))

    def _lines(self, frame: Frame, top: int, bottom: int, kept: dict[Box, ReadLine]) -> list[Box]:
        """Return the lines in rows `top` to `bottom`, found in a taller strip to equal those of the whole frame."""
        start = max(0, top - _AROUND) // _GRID * _GRID
        found = (box.moved(0, start) for box in find_lines(frame[start : bottom + _AROUND]))
        lines = [box for box in found if box.bottom >= top and box.y <= bottom and box not in kept]
        self.counts.lines_seen += len(lines)
        self.counts.lines_unread += max(0, len(lines) - _MOST_LINES)
        self.skipped += tuple(lines[_MOST_LINES:])
        return lines[:_MOST_LINES]

    def _read(self, frame: Frame, boxes: Sequence[Box]) -> dict[Box, ReadLine]:
        images = {box: cut(frame, box) for box in boxes}
        keys = {box: _key(image) for box, image in images.items()}
        unknown = {keys[box]: image for box, image in images.items() if keys[box] not in self._cache}
        self.counts.lines_read += len(unknown)
        self.counts.cache_hits += len(boxes) - len(unknown)
        found = self.engine.read(list(unknown.values()))
        for image, line in zip(unknown.values(), found, strict=True):
            self._spelling.learn(image, line)
        for (key, image), line in zip(unknown.items(), found, strict=True):
            self._cache[key] = self._spelling.correct(image, line)
        readings = {}
        for box in boxes:
            self._cache.move_to_end(keys[box])
            readings[box] = self._cache[keys[box]]
        while len(self._cache) > _CACHE_LINES:
            self._cache.popitem(last=False)
        return readings

    def _update(self, keyframe: Keyframe) -> None:
        """Open, continue and end spans, so that the open ones match what is visible."""
        readable = {(box, line.text): line for box, line in self.visible.items() if is_text(line)}
        for place in [place for place in self._open if place not in readable]:
            self._gone[place] = replace(self._open.pop(place), end_ms=keyframe.offset_ms)
        for place, line in readable.items():
            if place not in self._open:
                back = place in self._gone
                self._open[place] = self._gone.pop(place) if back else _span(place[0], line, keyframe)

    def _settled(self, before_ms: int) -> Iterator[Span]:
        ended = [place for place, span in self._gone.items() if span.end_ms <= before_ms]
        yield from (self._gone.pop(place) for place in ended)


def is_text(line: ReadLine) -> bool:
    """Whether a reading is worth keeping: it has a letter or digit, and enough confidence."""
    return line.confidence >= _LEAST_CONFIDENCE and any(character.isalnum() for character in line.text)


def _key(image: Image) -> bytes:
    return hashlib.blake2b(image.tobytes(), digest_size=16, salt=image.shape[1].to_bytes(4)).digest()


def _span(box: Box, line: ReadLine, keyframe: Keyframe) -> Span:
    words = tuple(
        SpanWord(word.text, Box(in_frame(box, word.x), box.y, max(1, round(word.width)), box.height))
        for word in line.words
    )
    return Span(
        text=line.text,
        place=box,
        start_ms=keyframe.offset_ms,
        end_ms=keyframe.end_ms,
        confidence=round(line.confidence, 3),
        keyframe=keyframe.number,
        start_byte=keyframe.start_byte,
        end_byte=keyframe.end_byte,
        words=words,
        alternatives=line.alternatives,
    )
