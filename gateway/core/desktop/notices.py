"""What the gateway tells an operator during a session, as it stands in the stream and in the recording.

    log,TEXT,reelgate,KIND,ID,AUTHOR,TIME

`log` is the protocol's own instruction for text that is not drawn, with arguments appended. KIND: lock, unlock, message. ID:
the command's, by which a message is acknowledged. TIME: guacd's clock in ms. What guacd logs has one argument.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from gateway.core.desktop.guac.instruction import Instruction, encode
from gateway.core.desktop.guac.opcodes import Opcode

_SENDER: Final = "reelgate"
_COUNT: Final = 6


class NoticeKind(StrEnum):
    """What has happened."""

    LOCK = "lock"
    UNLOCK = "unlock"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. `at_ms` is on guacd's clock."""

    kind: NoticeKind
    notice_id: str
    author: str
    text: str
    at_ms: int

    def encode(self) -> bytes:
        """Return the instruction."""
        return encode(Opcode.LOG, self.text, _SENDER, self.kind, self.notice_id, self.author, self.at_ms)

    @classmethod
    def of(cls, instruction: Instruction) -> Self | None:
        """Return the notice in an instruction; None if it is something else, or malformed."""
        args = instruction.args
        if instruction.opcode != Opcode.LOG or len(args) < _COUNT or args[1] != _SENDER:
            return None
        text, _sender, kind, notice_id, author, at_ms = args[:_COUNT]
        if kind not in set(NoticeKind) or not at_ms.isdecimal():
            return None
        return cls(NoticeKind(kind), notice_id, author, text, int(at_ms))
