"""Decide on every instruction of the operator: whether it may pass, and how it is recorded.

Further rules on input (command rules) belong here.
"""

import re
from typing import Final

from gateway.core.desktop.guac.errors import GuacProtocolError
from gateway.core.desktop.guac.instruction import Instruction, encode
from gateway.core.desktop.guac.opcodes import Opcode
from gateway.proxies.desktop.accepted import Accepted
from gateway.proxies.desktop.clock import GuacdClock
from gateway.proxies.desktop.held_input import HeldInput
from gateway.proxies.desktop.operator_streams import HANDLERS as STREAM_HANDLERS, OperatorStreams

# What a client says in a running connection (Guacamole manual, protocol reference, "Client instructions" and streams).
# Handshake opcodes are left out: `select` or `connect` in mid-session is an attack or a bug. So are `argv`, `audio` and
# `pipe`, which no page of ours sends: a pipe named STDIN types into a terminal, and nothing of it would be recorded.
ALLOWED: Final = frozenset(
    {
        Opcode.ACK,
        Opcode.DISCONNECT,
        Opcode.GET,
        Opcode.KEY,
        Opcode.MOUSE,
        Opcode.NOP,
        Opcode.SIZE,
        Opcode.SYNC,
        Opcode.TOUCH,
        *STREAM_HANDLERS,
    }
)
# What a person does, with the number of arguments. guacd records exactly these, followed by a timestamp.
_USER_INPUT: Final[dict[str, int]] = {Opcode.MOUSE: 3, Opcode.KEY: 2, Opcode.TOUCH: 7}
# What a browser goes on saying while the input is locked: nothing of it reaches the target.
_PASSES_LOCK: Final = frozenset({Opcode.ACK, Opcode.DISCONNECT, Opcode.NOP, Opcode.SYNC})
# Coordinates, button masks and keysyms are integers (a keysym has at most 29 bits); a touch's angle and force are not.
_NUMBER: Final = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,20})?\Z", re.ASCII)


class OperatorInput:
    """Accept, refuse and time the operator's instructions.

    `record_keys`: the target's policy on what the operator types and pastes. `may_paste`: whether the clipboard may reach
    the target at all.
    """

    def __init__(self, clock: GuacdClock, *, record_keys: bool, may_paste: bool = True) -> None:
        self._clock = clock
        self._record_keys = record_keys
        self._streams = OperatorStreams(clock, records_content=record_keys, may_paste=may_paste)
        self._held = HeldInput(clock, record_keys=record_keys)
        self.is_locked = False

    def lock(self) -> list[Accepted]:
        """Accept no input from now on; return what releases keys and buttons and ends open streams.

        INVARIANT: what comes while it is locked is dropped. Nothing is kept for later.
        """
        self.is_locked = True
        return [*self._held.release(), *self._streams.end_all()]

    def unlock(self) -> None:
        """Accept input again."""
        self.is_locked = False

    def accept(self, instruction: Instruction) -> Accepted | None:
        """Return what to record and forward; None to drop it. Raises GuacProtocolError if a client may not send it."""
        if instruction.opcode not in ALLOWED:
            raise GuacProtocolError("an instruction that a client may not send", instruction.start)
        if self.is_locked and instruction.opcode not in _PASSES_LOCK:
            return None
        if instruction.opcode in _USER_INPUT:
            return self._user_input(instruction)
        if instruction.opcode in STREAM_HANDLERS:
            return self._streams.take(instruction)
        return Accepted(b"", encode(instruction.opcode, *instruction.args))

    def _user_input(self, instruction: Instruction) -> Accepted | None:
        opcode, args = instruction.opcode, instruction.args[: _USER_INPUT[instruction.opcode]]
        if len(args) < _USER_INPUT[opcode] or not all(map(_NUMBER.match, args)):
            raise GuacProtocolError(f"a malformed {opcode}", instruction.start)
        now_ms = self._clock.now_ms()
        if now_ms is None:
            return None  # before the first frame there is nothing to act on, and no clock to record it by
        if not self._held.follow(opcode, args):
            return None
        recorded = opcode != Opcode.KEY or self._record_keys
        return Accepted(encode(opcode, *args, now_ms) if recorded else b"", encode(opcode, *args), is_user_input=True)
