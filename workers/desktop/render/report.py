"""What a rendering says about itself: stored with the stage run, printed by `reelgate render --json`."""

from dataclasses import dataclass
from typing import NamedTuple


class Idle(NamedTuple):
    """A stretch in which nothing changed on the screen and nothing was typed or pointed at, in milliseconds."""

    start_ms: int
    end_ms: int


class Unrendered(NamedTuple):
    """A stretch in which the screen was larger than can be rendered, in milliseconds, with its size."""

    start_ms: int
    end_ms: int
    width: int
    height: int


@dataclass(frozen=True)
class RenderReport:
    """Sizes in pixels, times in milliseconds since the first time stamp, which is `first_stamp_ms`.

    `skipped` counts the instructions that were not drawn, by opcode. `torn_tail_bytes` follow the last whole
    instruction; `damage` says why nothing behind a certain byte could be read, if so. `poster_ms` is when the first
    keyframe begins on which there is something to see, None if there is none.
    """

    duration_ms: int
    width: int
    height: int
    frame_count: int
    keyframe_count: int
    poster_ms: int | None
    sync_count: int
    instruction_count: int
    skipped: dict[str, int]
    idle: tuple[Idle, ...]
    unrendered: tuple[Unrendered, ...]
    first_stamp_ms: int
    clock_jump_count: int
    source_bytes: int
    torn_tail_bytes: int
    damage: str | None
    video_bytes: int
    keyframes_bytes: int
