"""The report of a rendering: stored with the stage run, printed by `reelgate render --json`."""

from dataclasses import dataclass
from typing import NamedTuple


class Idle(NamedTuple):
    """A stretch without changes on the screen and without input, in milliseconds."""

    start_ms: int
    end_ms: int


class Unrendered(NamedTuple):
    """A stretch in which the screen was too large to render, in milliseconds, with its size in pixels."""

    start_ms: int
    end_ms: int
    width: int
    height: int


@dataclass(frozen=True)
class RenderReport:
    """Sizes are in pixels, times in milliseconds since the first timestamp, which is `first_stamp_ms`.

    `skipped` counts the instructions that were not drawn, by opcode. `torn_tail_bytes` counts the bytes after the last
    complete instruction. `damage` says from which byte on the original could not be read and why, if so. `poster_ms` is
    the start of the first keyframe that is not blank, None if there is none.
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
