"""Find the stretches of a session in which nothing happened, for the player to skip."""

from typing import Final

from gateway.core.desktop.guac.opcodes import Opcode
from workers.desktop.render.report import Idle

# Shorter pauses are for reading and thinking; skipping them would confuse more than it saves.
IDLE_AFTER_MS: Final = 5000
INPUT: Final = frozenset({Opcode.KEY, Opcode.MOUSE, Opcode.TOUCH, Opcode.CLIPBOARD, Opcode.FILE, Opcode.PUT})


class IdleStretches:
    """Collect the pauses of at least 5 s between activity."""

    def __init__(self) -> None:
        self.stretches: list[Idle] = []
        self._last_ms = 0

    def active(self, at_ms: int) -> None:
        """Note activity at a time; call it in order of time."""
        if at_ms - self._last_ms >= IDLE_AFTER_MS:
            self.stretches.append(Idle(self._last_ms, at_ms))
        self._last_ms = max(self._last_ms, at_ms)
