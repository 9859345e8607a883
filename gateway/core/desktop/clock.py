"""Session time: when each instruction of a stream happened, in milliseconds since the first.

Rendering, text, sealing, import and the live recorder share this definition. Two kinds of instructions have timestamps:
a `sync` ends a frame, and events say when the operator did something (key, mouse, touch, clipboard, file). guacd 1.6
sends a `sync` only for a frame that is not empty, so hours may pass with only events, or with nothing at all.
"""

from typing import Final

from gateway.core.desktop.guac.instruction import Instruction
from gateway.core.desktop.guac.opcodes import Opcode
from gateway.core.desktop.operator_streams import time_of

# A longer step is not a quiet session but another clock: milliseconds since the machine's start against those since 1970.
MAX_STEP_MS: Final = 366 * 24 * 3600 * 1000
# A step back of less than this is waited out; a longer one means that the clock was set, and time goes on from there.
MAX_BACK_MS: Final = 60 * 1000
_MAX_DIGITS: Final = 18
# Where guacd and the gateway put the time among the arguments (GUAC_RECORDING of guacd; none before Guacamole 1.0).
_TIME_ARGUMENT: Final[dict[str, int]] = {Opcode.KEY: 2, Opcode.MOUSE: 3, Opcode.TOUCH: 7}
EVENTS: Final = frozenset({*_TIME_ARGUMENT, Opcode.CLIPBOARD, Opcode.FILE, Opcode.PUT, Opcode.END})


class SessionClock:
    """Take a stream's instructions in order and return when each happened. Time never goes backwards.

    The offset is an instruction's timestamp minus the first one. An implausible timestamp (not a number, more than a
    year ahead, more than a minute back) adds no time and is counted in `jump_count`; later timestamps are measured from
    it. Syncs and events may come from different clocks, so each kind keeps the origin its timestamps were last measured
    from and falls back to that of the other.
    """

    def __init__(self) -> None:
        self.first_ms: int | None = None
        """The first timestamp, as in the stream."""
        self.offset_ms = 0
        """When the latest instruction happened."""
        self.sync_count = 0
        self.stamp_count = 0
        """Number of timestamps, plausible or not."""
        self.jump_count = 0
        """Number of implausible timestamps."""
        self._last_sync_ms = 0
        self._sync_origin: int | None = None
        self._event_origin: int | None = None

    def take(self, instruction: Instruction) -> int:
        """Take the next instruction; return when it happened: with the previous one if it has no timestamp."""
        opcode, args = instruction.opcode, instruction.args
        if opcode == Opcode.SYNC:
            return self.sync(args[0] if args else "")
        if opcode in EVENTS and (stamp := _stamp(opcode, args)):
            return self.event(stamp)
        return self.offset_ms

    def sync(self, stamp: str) -> int:
        """Take the timestamp of a `sync`; return the new `offset_ms`."""
        self.sync_count += 1
        self.stamp_count += 1
        at = _number(stamp)
        if at is None:
            self.jump_count += 1
            return self.offset_ms
        self._sync_origin = self._origin(at, self._sync_origin, self._event_origin)
        offset_ms = at - self._sync_origin
        self.jump_count += offset_ms < self._last_sync_ms
        self._last_sync_ms = offset_ms
        return self._pass_to(offset_ms)

    def event(self, stamp: str) -> int:
        """Take the timestamp of an event; return the new `offset_ms`."""
        self.stamp_count += 1
        at = _number(stamp)
        if at is None:
            self.jump_count += 1
            return self.offset_ms
        self._event_origin = self._origin(at, self._event_origin, self._sync_origin)
        return self._pass_to(at - self._event_origin)

    def _pass_to(self, offset_ms: int) -> int:
        self.offset_ms = max(self.offset_ms, offset_ms)
        return self.offset_ms

    def _origin(self, at: int, *known: int | None) -> int:
        """Return the first known origin that makes the timestamp plausible, or a new one that puts it at the present."""
        origins = [origin for origin in known if origin is not None]
        for origin in origins:
            if -MAX_BACK_MS <= at - origin - self.offset_ms <= MAX_STEP_MS:
                return origin
        if origins:
            self.jump_count += 1
        else:
            self.first_ms = at
        return at - self.offset_ms


def _stamp(opcode: str, args: tuple[str, ...]) -> str:
    at = _TIME_ARGUMENT.get(opcode)
    if at is None:
        return time_of(opcode, args)
    return args[at] if at < len(args) else ""


def _number(stamp: str) -> int | None:
    return int(stamp) if stamp.isascii() and stamp.isdigit() and len(stamp) <= _MAX_DIGITS else None
