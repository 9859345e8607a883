"""A small blocking Guacamole client, for tests that talk to guacd themselves."""

import socket
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Final, Self

from gateway.core.desktop.guac.instruction import Instruction, encode
from gateway.core.desktop.guac.parser import NEED_DATA, GuacParser

_RETURN_KEYSYM = 0xFF0D
_PATIENCE_SECONDS = 0.1

# A deadline and no expectation: a desktop on a machine with other work takes tens of seconds to draw.
DEADLINE_SECONDS: Final = 60.0


class GuacamoleClient:
    """One user on one connection. Answers every `sync` while it waits, as guacd demands."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), timeout=10)
        self._socket.settimeout(_PATIENCE_SECONDS)
        self._parser = GuacParser()
        self.connection_id = ""
        self.received: list[Instruction] = []

    def connect(self, protocol: str, arguments: Mapping[str, str], *, width: int = 1280, height: int = 800) -> Self:
        """The handshake up to `ready`, with the arguments guacd asks for by name; the others are left empty."""
        self.send("select", protocol)
        asked = self.wait_for(lambda instruction: instruction.opcode == "args")
        version, *names = asked.args
        self.send("size", width, height, 96)
        self.send("audio")
        self.send("video")
        self.send("image", "image/png", "image/jpeg", "image/webp")
        self.send("connect", version, *(arguments.get(name, "") for name in names))
        self.connection_id = self.wait_for(lambda instruction: instruction.opcode == "ready").args[0]
        return self

    def send(self, opcode: str, *args: str | int) -> None:
        """Sends one instruction."""
        self._socket.sendall(encode(opcode, *args))

    def type_line(self, text: str) -> None:
        """Types a line of Latin-1 text (for which keysym and code point are the same) and Return."""
        for keysym in (*text.encode("latin-1"), _RETURN_KEYSYM):
            self.send("key", keysym, 1)
            self.send("key", keysym, 0)

    def wait_for(self, wanted: Callable[[Instruction], bool], *, seconds: float = DEADLINE_SECONDS) -> Instruction:
        """Reads until an instruction is wanted; returns it.

        Raises ConnectionError when guacd reports an error or closes, TimeoutError at the deadline.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            instruction = self._next()
            if instruction is not None and wanted(instruction):
                return instruction
        raise TimeoutError(f"no such instruction within {seconds:g} s")

    def pump_until(self, condition: Callable[[], bool], *, seconds: float = DEADLINE_SECONDS) -> None:
        """Keeps the connection going until a condition outside it holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"not within {seconds:g} s")
            self._next()

    def close(self) -> None:
        """Leaves as a browser does."""
        self._socket.close()

    def _next(self) -> Instruction | None:
        """The next instruction; None after a short while without one, in which guacd is told that we are there."""
        while (instruction := self._parser.next_instruction()) is NEED_DATA:
            try:
                data = self._socket.recv(65536)
            except TimeoutError:
                self.send("nop")
                return None
            if not data:
                raise ConnectionError("guacd closed the connection")
            self._parser.feed(data)
        self.received.append(instruction)
        if instruction.opcode == "error":
            raise ConnectionError(f"guacd reports {instruction.args}")
        if instruction.opcode == "sync":
            self.send("sync", instruction.args[0])
        return instruction

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
