"""Read a recording: keyframes in, spans out, with the coverage.

Memory is bounded: spans are passed on as they end.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Final

from gateway.core.recording.geometry import Box
from gateway.renditions.keyframes import KeyframeReader
from gateway.renditions.spans import Span
from workers.desktop.ocr.engine import Engine, ReadLine
from workers.desktop.ocr.tracker import Counts, Tracker, is_text

Progress = Callable[[int, int], None]
"""Called with the keyframes done and the keyframes in all."""

# A reading below this is kept but counted as doubtful: nine in ten correct readings of the drawn test lines are above.
LOW_CONFIDENCE: Final = 0.75


@dataclass
class Coverage:
    """How much of the visible text was read.

    Areas are in pixel-seconds, so that a line visible for a minute weighs more than one that flashed by.
    """

    seconds_read: float = 0.0
    screen_pixel_seconds: float = 0.0
    text_pixel_seconds: float = 0.0
    low_confidence_pixel_seconds: float = 0.0
    unreadable_pixel_seconds: float = 0.0
    skipped_pixel_seconds: float = 0.0
    lines_skipped: int = 0

    @property
    def share_read(self) -> float:
        """Share of the visible text that was read, by area and time; 1.0 if there was none."""
        unread = self.unreadable_pixel_seconds + self.skipped_pixel_seconds
        return 1 - unread / self.text_pixel_seconds if self.text_pixel_seconds else 1.0

    def add(self, lines: dict[Box, ReadLine], skipped: Iterable[Box], screen_area: int, seconds: float) -> None:
        """Add one keyframe that was visible for `seconds`."""
        self.seconds_read += seconds
        self.screen_pixel_seconds += screen_area * seconds
        skipped_area = sum(box.area for box in skipped)
        self.skipped_pixel_seconds += skipped_area * seconds
        self.text_pixel_seconds += skipped_area * seconds
        for box, line in lines.items():
            self.text_pixel_seconds += box.area * seconds
            if not is_text(line):
                self.unreadable_pixel_seconds += box.area * seconds
            elif line.confidence < LOW_CONFIDENCE:
                self.low_confidence_pixel_seconds += box.area * seconds


@dataclass
class Reading:
    """The record of one reading: engine, coverage, cost."""

    engine: str
    engine_version: str
    spans: int = 0
    counts: Counts = field(default_factory=Counts)
    coverage: Coverage = field(default_factory=Coverage)

    def as_dict(self) -> dict[str, object]:
        """Return the values for a JSON column, including the computed shares."""
        shares = {"share_read": self.coverage.share_read, "hit_rate": self.counts.hit_rate}
        return asdict(self) | {name: round(share, 4) for name, share in shares.items()}


def read(
    keyframes: KeyframeReader,
    engine: Engine,
    *,
    keep: Callable[[Span], None],
    progress: Progress = lambda _done, _total: None,
) -> Reading:
    """Read all keyframes. Call `keep` with each span when it has ended.

    Raises InvalidInputError for damaged keyframes, and whatever `engine`, `keep` or `progress` raise.
    """
    tracker = Tracker(engine)
    reading = Reading(engine.name, engine.version, counts=tracker.counts)
    total = len(keyframes.keyframes)
    for keyframe, frame in keyframes.frames():
        for span in tracker.advance(keyframe, frame):
            reading.spans += 1
            keep(span)
        seconds = (keyframe.end_ms - keyframe.offset_ms) / 1000
        reading.coverage.add(tracker.visible, tracker.skipped, keyframe.width * keyframe.height, seconds)
        progress(keyframe.number + 1, total)
    for span in tracker.finish(keyframes.end_ms):
        reading.spans += 1
        keep(span)
    reading.coverage.lines_skipped = tracker.counts.lines_unread
    return reading
