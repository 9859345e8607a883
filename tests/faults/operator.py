"""An operator without a browser: opens a tunnel, answers syncs, keeps every byte it was shown."""

import threading
from contextlib import ExitStack
from functools import partial
from types import TracebackType
from typing import Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from gateway.core.desktop.guac import GuacParser, NeedData, encode
from gateway.core.policy.access import Role
from tests.e2e.gate import Gate, wait_for


class Operator:
    """A live session on one target. `shown` is all that came through the tunnel but the tunnel's own instructions."""

    def __init__(self, gate: Gate, target_id: str) -> None:
        with gate.client(Role.OPERATOR) as client:
            answer = client.post(f"/api/targets/{target_id}/tickets")
            answer.raise_for_status()
            ticket = answer.json()["ticket"]
            cookie = client.cookies["reelgate_sign_in"]
        self._opening = partial(
            connect,
            f"ws://127.0.0.1:{gate.port}/api/tunnel?ticket={ticket}&width=800&height=600&dpi=96",
            subprotocols=[Subprotocol("guacamole")],
            origin=Origin(gate.url),
            additional_headers={"Cookie": f"reelgate_sign_in={cookie}"},
            max_size=2**24,
            compression=None,
        )
        self._stack = ExitStack()
        self._socket = self._stack.enter_context(self._opening())
        self.shown = bytearray()
        self.syncs = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        parser = GuacParser()
        try:
            for message in self._socket:
                data = message.encode() if isinstance(message, str) else message
                parser.feed(data)
                while not isinstance(instruction := parser.next_instruction(), NeedData):
                    if instruction.opcode == "sync":
                        self.syncs += 1
                        self._socket.send(encode("sync", instruction.args[0]).decode())
                if not data.startswith(b"0."):
                    self.shown += data
        except ConnectionClosed:
            return

    def again(self) -> None:
        """Knock with the same ticket."""
        with self._opening():
            pass

    def type_text(self, text: str) -> None:
        """Press and release the key of each character (X11 keysyms of Latin-1 are the characters' codes)."""
        for character in text:
            keysym = 0xFF0D if character == "\n" else ord(character)
            for pressed in (1, 0):
                self._socket.send(encode("key", keysym, pressed).decode())

    def wait_for_frames(self, count: int) -> None:
        """Until that many frames came."""
        wait_for(f"{count} frames", lambda: self.syncs >= count, 30)

    def wait_until_closed(self) -> tuple[int, str]:
        """Until the server has closed the tunnel; returns close code and reason."""
        self._thread.join(30)
        assert not self._thread.is_alive(), "the tunnel is still open"
        frame = self._socket.protocol.close_rcvd
        return (frame.code, frame.reason) if frame else (1006, "")

    def close(self) -> None:
        """Leave."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
