"""Group instructions that are drawn together: up to the `sync` that shows them, or to the last of several close syncs.

guacd sends a sync every 5 to 60 ms during motion, while the video has 10 frames a second: comparing and copying the
screen at every sync took a third of the drawing time. Syncs may also be hours apart. Operator input between them has
times of its own, at which the pointer moves.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from gateway.core.desktop.clock import SessionClock
from gateway.core.desktop.guac import Instruction
from gateway.core.desktop.guac.opcodes import Opcode
from workers.desktop.display import AheadDecoder
from workers.desktop.display.ahead import Foreseen
from workers.desktop.render.idle import INPUT

# Syncs within this time of the first are merged into the last: two at guacd's usual pace of 50 ms. It is less than the
# intervals of frames and keyframes (workers.desktop.render.pacing), and merging never makes anything vanish earlier, so
# whatever is visible for 500 ms is still in a keyframe.
TOGETHER_MS: Final = 60
# A stream without a sync, or whose syncs all have the same time, is drawn in pieces of this many instructions.
_MAX_INSTRUCTIONS: Final = 4096
_MAX_BYTES: Final = 4 * 1024 * 1024
# Frames whose images are decoded ahead of the one being drawn: half a second of a busy session; half of them are input.
_AHEAD: Final = 16


@dataclass(slots=True)
class Frame:
    """Instructions, and the time at which the screen they draw is shown."""

    instructions: list[Instruction]
    sync_count: int = 0
    """Number of syncs in it; without any, what it draws is not shown yet."""
    input_count: int = 0
    """Number of operator inputs."""
    start_ms: int = 0
    """When its first sync or input was, since the session's first."""
    offset_ms: int = 0
    """When its last sync or input was."""

    @property
    def end_byte(self) -> int:
        """The end of its last instruction in the original."""
        return self.instructions[-1].end

    def is_joined_by(self, later: "Frame") -> bool:
        """Whether the next frame is merged into this one.

        Input is never merged: the screen drawn before it is incomplete.
        """
        fits = later.sync_count > 0 or not self.sync_count
        return fits and later.start_ms - self.start_ms < TOGETHER_MS and not _is_long(self.instructions)

    def join(self, later: "Frame") -> None:
        """Merge the next frame into this one."""
        self.instructions += later.instructions
        self.sync_count += later.sync_count
        self.input_count += later.input_count
        self.offset_ms = later.offset_ms


def frames(instructions: Iterable[Instruction], clock: SessionClock) -> Iterator[Frame]:
    """Group instructions by the syncs that show them and the input between syncs; feed all to `clock`."""
    waiting: list[Frame] = []  # one that ends with a sync, one that ends with input, or both in this order
    drawn: list[Instruction] = []
    for instruction in instructions:
        drawn.append(instruction)
        at_ms, opcode = clock.take(instruction), instruction.opcode
        if opcode == Opcode.SYNC or opcode in INPUT:
            is_sync = opcode == Opcode.SYNC
            yield from _add(waiting, Frame(drawn, int(is_sync), int(not is_sync), at_ms, at_ms))
            drawn = []
        elif _is_long(drawn):
            yield from (*waiting, Frame(drawn))
            waiting, drawn = [], []
    yield from waiting
    if drawn:
        yield Frame(drawn)


def _add(waiting: list[Frame], new: Frame) -> list[Frame]:
    """Merge `new` into the first frame that accepts it, or append it; return the frames that are now complete."""
    for at, frame in enumerate(waiting):
        if frame.is_joined_by(new):
            for later in (*waiting[at + 1 :], new):
                frame.join(later)
            done, waiting[:] = waiting[:at], [frame]
            return done
    if waiting and (new.sync_count or not waiting[-1].sync_count):
        done, waiting[:] = waiting[:], [new]
        return done
    waiting.append(new)
    return []


def foreseen(source: Iterable[Frame], decoder: AheadDecoder) -> Iterator[tuple[Frame, Foreseen]]:
    """Yield each frame with its images, which were decoded some frames ahead."""
    waiting: deque[tuple[Frame, Foreseen]] = deque()
    for frame in source:
        waiting.append((frame, decoder.begin(frame.instructions)))
        while waiting and (len(waiting) > _AHEAD or decoder.is_full):
            yield waiting.popleft()
    yield from waiting


def _is_long(instructions: list[Instruction]) -> bool:
    return len(instructions) >= _MAX_INSTRUCTIONS or instructions[-1].end - instructions[0].start >= _MAX_BYTES
