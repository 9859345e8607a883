"""Streams the operator opens: clipboards, uploaded files.

A clipboard's content is recorded; of a file, its name, type, size and digest. `gateway.core.desktop.operator_streams`
defines the form in the recording. Everything is bounded, because a browser may send anything: what it may not send raises
GuacProtocolError, what must not reach guacd is dropped.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from gateway.core.desktop import operator_streams as recorded
from gateway.core.desktop.guac.errors import GuacProtocolError
from gateway.core.desktop.guac.instruction import Instruction, encode
from gateway.core.desktop.guac.opcodes import Opcode
from gateway.proxies.desktop.accepted import Accepted
from gateway.proxies.desktop.clock import GuacdClock

# What guacd keeps of a clipboard (GUAC_COMMON_CLIPBOARD_MAX_LENGTH; the default of `clipboard-buffer-size` since 1.6).
MAX_CLIPBOARD_BYTES: Final = 256 * 1024
# Streams a browser may have open at once: what guacd allowed before 1.5.
MAX_OPEN: Final = 64
# guacd reads numbers by atoi(3), which takes " 5x" for 5: only one spelling of a number may pass, or it has two streams.
_NUMBER: Final = re.compile(r"(0|[1-9][0-9]{0,8})\Z", re.ASCII)


class _Stream(Protocol):
    def take(self, data: bytes) -> tuple[bytes, bytes]:
        """Return what to record and what to forward of the next part, as plain bytes."""

    def facts(self) -> tuple[int, str]:
        """Return the number of bytes sent, and their digest or ""."""


@dataclass
class _Clipboard:
    is_recorded: bool
    size_bytes: int = 0

    def take(self, data: bytes) -> tuple[bytes, bytes]:
        """INVARIANT: what exceeds the bound is not recorded, and does not reach guacd."""
        kept = data[: max(0, MAX_CLIPBOARD_BYTES - self.size_bytes)]
        self.size_bytes += len(data)
        return kept if self.is_recorded else b"", kept

    def facts(self) -> tuple[int, str]:
        return self.size_bytes, ""


@dataclass
class _Upload:
    size_bytes: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def take(self, data: bytes) -> tuple[bytes, bytes]:
        self.size_bytes += len(data)
        self.digest.update(data)
        return b"", data

    def facts(self) -> tuple[int, str]:
        return self.size_bytes, self.digest.hexdigest()


class OperatorStreams:
    """The streams of one session. `records_content`: whether clipboards are recorded with their content."""

    def __init__(self, clock: GuacdClock, *, records_content: bool, may_paste: bool) -> None:
        self._clock = clock
        self._records_content = records_content
        self._may_paste = may_paste
        self._open: dict[int, _Stream] = {}

    def take(self, instruction: Instruction) -> Accepted | None:
        """Take an instruction with one of HANDLERS' opcodes; None drops it. Raises GuacProtocolError if it is malformed."""
        handler, count = HANDLERS[instruction.opcode]
        if len(instruction.args) < count:
            raise GuacProtocolError(f"a malformed {instruction.opcode}", instruction.start)
        try:
            accepted = handler(self, instruction.args[:count])
        except ValueError as error:
            raise GuacProtocolError(f"a malformed {instruction.opcode}", instruction.start) from error
        if accepted is not None and max(len(accepted.record), len(accepted.forward)) > recorded.MAX_BYTES:
            raise GuacProtocolError(f"a {instruction.opcode} longer than guacd takes", instruction.start)
        return accepted

    def _clipboard(self, args: tuple[str, ...]) -> Accepted | None:
        stream, mimetype = _number(args[0]), args[1]
        if not self._begin(stream, _Clipboard(self._records_content), allowed=self._may_paste):
            return None
        return Accepted(
            recorded.clipboard(stream, mimetype, self._now_ms()), encode(Opcode.CLIPBOARD, stream, mimetype)
        )

    def _file(self, args: tuple[str, ...]) -> Accepted | None:
        stream, mimetype, name = _number(args[0]), *args[1:]
        if not self._begin(stream, _Upload()):
            return None
        return Accepted(
            recorded.file(stream, mimetype, name, self._now_ms()), encode(Opcode.FILE, stream, mimetype, name)
        )

    def _put(self, args: tuple[str, ...]) -> Accepted | None:
        stream, mimetype, name = _number(args[1]), *args[2:]
        if not _NUMBER.match(args[0]):
            raise ValueError("not the number of an object")
        if not self._begin(stream, _Upload()):
            return None
        return Accepted(
            recorded.put(args[0], stream, mimetype, name, self._now_ms()),
            encode(Opcode.PUT, args[0], stream, mimetype, name),
        )

    def _blob(self, args: tuple[str, ...]) -> Accepted | None:
        stream, data = _number(args[0]), _decoded(args[1])
        if stream not in self._open:
            return None
        kept, passed = self._open[stream].take(data)
        if not passed:
            return None
        # Encoded again: guacd also decodes what is not valid base64, and must get the very bytes that were recorded.
        return Accepted(
            recorded.blob(stream, _encoded(kept)) if kept else b"", encode(Opcode.BLOB, stream, _encoded(passed))
        )

    def _end(self, args: tuple[str, ...]) -> Accepted | None:
        stream = _number(args[0])
        ended = self._open.pop(stream, None)
        if ended is None:
            return None
        return Accepted(recorded.end(stream, self._now_ms(), *ended.facts()), encode(Opcode.END, stream))

    def end_all(self) -> list[Accepted]:
        """End all open streams where they are; what still comes of them is dropped."""
        ended = [self._end((str(stream),)) for stream in list(self._open)]
        return [one for one in ended if one is not None]

    def _begin(self, stream: int, opened: _Stream, *, allowed: bool = True) -> bool:
        """Open a stream, if allowed. An open stream with this number is closed, as guacd does."""
        self._open.pop(stream, None)
        if not allowed or len(self._open) >= MAX_OPEN:
            return False
        self._open[stream] = opened
        return True

    def _now_ms(self) -> int:
        """Return the time; 0 before the first frame, which readers take for the time of the first."""
        return self._clock.now_ms() or 0


HANDLERS: Final[dict[str, tuple[Callable[[OperatorStreams, tuple[str, ...]], Accepted | None], int]]] = {
    Opcode.BLOB: (OperatorStreams._blob, 2),  # noqa: SLF001 - the class's own table
    Opcode.CLIPBOARD: (OperatorStreams._clipboard, 2),  # noqa: SLF001
    Opcode.END: (OperatorStreams._end, 1),  # noqa: SLF001
    Opcode.FILE: (OperatorStreams._file, 3),  # noqa: SLF001
    Opcode.PUT: (OperatorStreams._put, 4),  # noqa: SLF001
}
"""What takes each opcode, and how many arguments it needs (Guacamole manual, "Streaming instructions")."""


def _number(text: str) -> int:
    if not _NUMBER.match(text) or int(text) >= recorded.MAX_STREAMS:
        raise ValueError("not the number of a stream")
    return int(text)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
