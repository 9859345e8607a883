"""The one place where what the operator does may be refused, and where it is decided how it is recorded.

The relay passes every instruction a browser sends. Later rules (locked input, command rules) belong here.
"""

import re
from typing import Final

from gateway.core.desktop.guac.errors import GuacProtocolError
from gateway.core.desktop.guac.instruction import Instruction, encode
from gateway.core.desktop.guac.opcodes import Opcode
from gateway.proxies.desktop.accepted import Accepted
from gateway.proxies.desktop.clock import GuacdClock
from gateway.proxies.desktop.operator_streams import HANDLERS as STREAM_HANDLERS, OperatorStreams

# What a client says in a running connection (Guacamole manual, protocol reference, "Client instructions" and streams).
# Handshake opcodes are not among it: `select` or `connect` in mid-session is an attack or a bug. Nor are `argv`, `audio` and
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
# What a person does, and how many arguments it has. guacd records exactly these, with a timestamp behind.
_ACTS: Final[dict[str, int]] = {Opcode.MOUSE: 3, Opcode.KEY: 2, Opcode.TOUCH: 7}
# Coordinates, button masks and keysyms are integers (a keysym has at most 29 bits); a touch's angle and force are not.
_NUMBER: Final = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,20})?\Z", re.ASCII)


class OperatorInput:
    """Admits, refuses and times the operator's instructions.

    `record_keys` is the target's policy on what the operator enters, by typing or pasting; `may_paste`: whether the
    clipboard may reach the target at all.
    """

    def __init__(self, clock: GuacdClock, *, record_keys: bool, may_paste: bool = True) -> None:
        self._clock = clock
        self._record_keys = record_keys
        self._streams = OperatorStreams(clock, records_content=record_keys, may_paste=may_paste)

    def accept(self, instruction: Instruction) -> Accepted | None:
        """What to do with it; None drops it. Raises GuacProtocolError when a client may not say this."""
        if instruction.opcode not in ALLOWED:
            raise GuacProtocolError("an instruction that a client may not send", instruction.start)
        if instruction.opcode in _ACTS:
            return self._user_input(instruction)
        if instruction.opcode in STREAM_HANDLERS:
            return self._streams.take(instruction)
        return Accepted(b"", encode(instruction.opcode, *instruction.args))

    def _user_input(self, instruction: Instruction) -> Accepted | None:
        opcode, args = instruction.opcode, instruction.args[: _ACTS[instruction.opcode]]
        if len(args) < _ACTS[opcode] or not all(map(_NUMBER.match, args)):
            raise GuacProtocolError(f"a malformed {opcode}", instruction.start)
        now_ms = self._clock.now_ms()
        if now_ms is None:
            return None  # before the first frame there is nothing to act on, nor a clock to record it by
        recorded = opcode != Opcode.KEY or self._record_keys
        return Accepted(encode(opcode, *args, now_ms) if recorded else b"", encode(opcode, *args), is_user_input=True)
