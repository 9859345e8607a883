"""The web server's protocols: uvicorn's, with limits on the resources a client can use before it has signed in.

All live sessions share one event loop, so work caused by one connection delays every session. uvicorn bounds
neither the size of a request's head nor the time it may take (Kludex/uvicorn#157), nor the frames of a WebSocket.
"""

import asyncio
import resource
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar, Final
from weakref import WeakKeyDictionary

import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import CloseCode

from gateway.core.budget import Budget

# nginx takes 4 x 8 KiB, browsers send one or two.
MAX_HEAD_BYTES: Final = 32 * 1024
# A head takes one or two packets; a body has at most a megabyte (gateway.security).
HEAD_SECONDS: Final = 10.0
BODY_SECONDS: Final = 30.0
TLS_HANDSHAKE_SECONDS: Final = 10.0
# Connections still waiting for a request head, legitimately for milliseconds; one more closes the oldest.
MAX_WAITING: Final = 256
_MOST_CONNECTIONS: Final = 8192
# A live session takes about eight descriptors: two sockets, two files, the event descriptors of its thread.
_DESCRIPTORS_PER_CONNECTION: Final = 4
_DESCRIPTOR_LIMIT: Final = 65_536
# Bytes parsed at once before the limits are checked again.
_PIECE_BYTES: Final = 2 * 1024
# A browser sends a frame per mouse or keyboard event, about a hundred a second, and a clipboard as 180 in a row.
FRAMES_PER_SECOND: Final = 1000
FRAMES_AT_ONCE: Final = 2000


def raise_descriptor_limit() -> None:
    """Raise this process's file limit to the system's maximum; the usual 1024 is for programs that use select(2)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = _DESCRIPTOR_LIMIT if hard == resource.RLIM_INFINITY else min(hard, _DESCRIPTOR_LIMIT)
    if soft != resource.RLIM_INFINITY and soft < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))


def max_connections() -> int:
    """Return how many connections to accept, so that live sessions never lack a file descriptor."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (
        _MOST_CONNECTIONS
        if soft == resource.RLIM_INFINITY
        else min(_MOST_CONNECTIONS, soft // _DESCRIPTORS_PER_CONNECTION)
    )


class Loop(uvloop.Loop):
    """uvloop, with less time for a TLS handshake than the 60 seconds that uvicorn leaves in place."""

    async def create_server(self, *args: Any, **options: Any) -> Any:
        """Listen; a client that does not finish its handshake is dropped."""
        if options.get("ssl") is not None:
            options["ssl_handshake_timeout"] = TLS_HANDSHAKE_SECONDS
        return await super().create_server(*args, **options)


class LimitedHttp(HttpToolsProtocol):
    """HTTP/1.1 with bounded heads: 431 if too long, 408 if too slow, 503 beyond `max_connections`."""

    _waiting_by_server: ClassVar[WeakKeyDictionary[ServerState, dict["LimitedHttp", None]]] = WeakKeyDictionary()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._max_connections = max_connections()
        self._waiting = self._waiting_by_server.setdefault(self.server_state, {})
        self._framing_bytes = 0  # fed since the last head, body bytes or end: head, trailers, framing of chunks
        self._has_spoken = False
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self._max_connections:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._has_spoken = True
        if self._deadline is None:
            self._expect_head()
        for at in range(0, len(data), _PIECE_BYTES):
            piece = data[at : at + _PIECE_BYTES]
            self._framing_bytes += len(piece)
            super().data_received(piece)
            if self.transport.is_closing() or self.transport.get_protocol() is not self:
                return
            if self._framing_bytes > MAX_HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
                return

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_head()

    def on_headers_complete(self) -> None:
        self._framing_bytes = 0
        self._expect(BODY_SECONDS)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._framing_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._framing_bytes = 0
        self._expect_nothing()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        self._expect_nothing()
        super().handle_websocket_upgrade()

    def _expect_head(self) -> None:
        self._expect(HEAD_SECONDS)
        self._waiting[self] = None
        if len(self._waiting) > MAX_WAITING:
            oldest = next(iter(self._waiting))
            oldest._expect_nothing()  # noqa: SLF001 - one of us
            oldest.transport.abort()

    def _expect(self, seconds: float) -> None:
        self._expect_nothing()
        self._deadline = self.loop.call_later(seconds, self._time_out)

    def _expect_nothing(self) -> None:
        self._waiting.pop(self, None)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _time_out(self) -> None:
        if self._has_spoken:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.close()

    def _refuse(self, status: HTTPStatus) -> None:
        """Respond and close; only close if a response is already being sent."""
        self._expect_nothing()
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            retry = b"retry-after: 5\r\n" if status is HTTPStatus.SERVICE_UNAVAILABLE else b""
            line = f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode()
            self.transport.write(line + retry + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()


class LimitedWebSocket(WebSocketsSansIOProtocol):
    """WebSocket that closes (1008) if the client sends frames faster than any browser does."""

    def __init__(self, *args: Any, clock: Callable[[], float] = time.monotonic, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clock = clock
        self._frames = Budget(FRAMES_PER_SECOND, FRAMES_AT_ONCE)

    def data_received(self, data: bytes) -> None:
        for at in range(0, len(data), _PIECE_BYTES):
            if self.transport.is_closing():
                return
            super().data_received(data[at : at + _PIECE_BYTES])

    def handle_events(self) -> None:
        if self._frames.take(len(self.conn.events), self._clock()):
            super().handle_events()
        elif not self.close_sent:
            self.conn.fail(CloseCode.POLICY_VIOLATION, "too many frames")
            self.handle_parser_exception()
