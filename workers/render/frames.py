"""What is drawn together: a session's instructions up to the `sync` that shows them, or up to the last of several close ones.

guacd sends a sync every 5 to 60 ms while things move, and the video takes 10 pictures a second: comparing and copying the
screen at every one of them was a third of drawing. Called by `workers.render.render`, for the session's renderer.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from gateway.core.guac import Instruction
from gateway.core.guac.opcodes import Opcode
from workers.display import AheadDecoder, Clock
from workers.display.ahead import Foreseen

# Syncs within this time of the first of them are one, the last. Two of guacd's at its usual pace of 50 ms; less than the
# intervals of frames and keyframes (workers.render.pacing), and what vanishes is never seen to vanish sooner, so whatever
# is visible for 500 ms still is in a keyframe.
TOGETHER_MS: Final = 60
# A stream without a sync, or with syncs of one time only, is drawn piece by piece.
_MAX_INSTRUCTIONS: Final = 4096
_MAX_BYTES: Final = 4 * 1024 * 1024
# Frames whose images are decoded while one is drawn: about half a second of a busy session.
_AHEAD: Final = 8


@dataclass(slots=True)
class Frame:
    """Instructions, and when the screen they draw is shown."""

    instructions: list[Instruction]
    sync_count: int = 0
    """How many syncs are in it; with none, nothing is shown after it yet."""
    start_ms: int = 0
    """When its first sync was, since the session's first."""
    offset_ms: int = 0
    """When its last sync was."""

    @property
    def end_byte(self) -> int:
        """Where its last instruction ends in the original."""
        return self.instructions[-1].end

    def is_joined_by(self, sync_ms: int) -> bool:
        """Whether what a sync at that time shows is drawn together with this."""
        return sync_ms - self.start_ms < TOGETHER_MS and not _is_long(self.instructions)

    def join(self, instructions: list[Instruction], sync_ms: int) -> None:
        """Add what the next sync shows."""
        self.instructions += instructions
        self.sync_count += 1
        self.offset_ms = sync_ms


def frames(instructions: Iterable[Instruction], clock: Clock) -> Iterator[Frame]:
    """Group instructions by the syncs that show them; these advance `clock`."""
    shown: Frame | None = None
    drawn: list[Instruction] = []
    for instruction in instructions:
        drawn.append(instruction)
        if instruction.opcode == Opcode.SYNC:
            sync_ms = clock.advance(instruction.args[0] if instruction.args else "")
            if shown and shown.is_joined_by(sync_ms):
                shown.join(drawn, sync_ms)
            else:
                if shown:
                    yield shown
                shown = Frame(drawn, 1, sync_ms, sync_ms)
            drawn = []
        elif _is_long(drawn):
            if shown:
                yield shown
            yield Frame(drawn)
            shown, drawn = None, []
    if shown:
        yield shown
    if drawn:
        yield Frame(drawn)


def foreseen(source: Iterable[Frame], decoder: AheadDecoder) -> Iterator[tuple[Frame, Foreseen]]:
    """Each frame with its images, which are begun with some frames before it is its turn."""
    waiting: deque[tuple[Frame, Foreseen]] = deque()
    for frame in source:
        waiting.append((frame, decoder.begin(frame.instructions)))
        while waiting and (len(waiting) > _AHEAD or decoder.is_full):
            yield waiting.popleft()
    yield from waiting


def _is_long(instructions: list[Instruction]) -> bool:
    return len(instructions) >= _MAX_INSTRUCTIONS or instructions[-1].end - instructions[0].start >= _MAX_BYTES
