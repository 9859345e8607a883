"""What a peer can hold or keep busy before it has signed in: a real uvicorn on loopback, and rude peers."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.sync.client import connect

from gateway import web_server
from gateway.demo.certificate import self_signed
from tests.parts.running import wait_until

LOOPBACK = "127.0.0.1"
GOOD = b"GET / HTTP/1.1\r\nHost: gate\r\n\r\n"


async def _size(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def _echo(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)


@contextmanager
def serving(**options: Any) -> Iterator[int]:
    """The port of a server with the gateway's protocols."""
    app = Starlette(routes=[Route("/", _size, methods=["GET", "POST"]), WebSocketRoute("/ws", _echo)])
    config = uvicorn.Config(
        app,
        loop="gateway.web_server:Loop",
        http=web_server.LimitedHttp,
        ws=web_server.LimitedWebSocket,
        lifespan="off",
        log_config=None,
        **options,
    )
    server = uvicorn.Server(config)
    with socket.create_server((LOOPBACK, 0), backlog=512) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        wait_until(lambda: server.started, "uvicorn is up")
        try:
            yield int(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(30)


@pytest.fixture
def port() -> Iterator[int]:
    with serving() as port:
        yield port


def peer(port: int, said: bytes = b"") -> socket.socket:
    client = socket.create_connection((LOOPBACK, port), timeout=20)
    client.sendall(said)
    return client


def answer(client: socket.socket) -> bytes:
    """All that comes until the server closes."""
    got = b""
    try:
        while data := client.recv(65536):
            got += data
    except ConnectionResetError:  # the server closed with unread bytes of ours
        return got
    return got


def status(client: socket.socket) -> int:
    """The status of the next answer; 0 when the server closes without one."""
    got = b""
    while b"\r\n" not in got and (data := client.recv(65536)):
        got += data
    return int(got.split()[1]) if got else 0


def works(port: int) -> bool:
    with peer(port, GOOD) as client:
        return status(client) == 200


@pytest.mark.parametrize(
    "endless",
    [
        b"GET / HTTP/1.1\r\nHost: gate\r\nX-Long: " + b"x" * 200_000,
        b"GET /" + b"x" * 200_000,
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000,
        b"x" * 200_000,
        b"\r\n" * 100_000,
        b"POST / HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Trailer: " + b"x" * 200_000,
        b"POST / HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * 200_000,
        GOOD + b"GET / HTTP/1.1\r\nX-Second: " + b"x" * 200_000,
    ],
    ids=["header", "path", "headers", "nonsense", "blank lines", "trailer", "chunk extension", "second request"],
)
def test_an_endless_head_ends_its_connection_and_no_other(port: int, endless: bytes) -> None:
    with peer(port) as client:
        with suppress(ConnectionResetError, BrokenPipeError):
            client.sendall(endless)
        answer(client)  # comes to its end, which it would not while the server waits for more
    assert works(port)


def test_a_head_that_is_too_long_is_answered_with_431(port: int) -> None:
    with peer(port, b"GET / HTTP/1.1\r\nX-Long: " + b"x" * (web_server.MAX_HEAD_BYTES + 2048)) as client:
        assert status(client) == 431


def test_heads_and_bodies_of_ordinary_size_pass_in_any_pieces(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: gate\r\nX-Long: " + b"x" * 30_000 + b"\r\nContent-Length: 300000\r\n\r\n"
    said = head + b"y" * 300_000
    with peer(port) as client:
        for at in range(0, len(said), 7_001):
            client.sendall(said[at : at + 7_001])
        assert status(client) == 200
        client.sendall(GOOD)
        assert status(client) == 200


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"GET / HT", 408),
        (b"POST / HTTP/1.1\r\nHost: gate\r\nContent-Length: 10\r\n\r\nhalf", 408),
        (b"\r\n", 408),
        (b"", 0),
    ],
    ids=["half a head", "half a body", "a blank line", "nothing"],
)
def test_who_keeps_the_server_waiting_is_closed(
    monkeypatch: pytest.MonkeyPatch, port: int, said: bytes, expected: int
) -> None:
    monkeypatch.setattr(web_server, "HEAD_SECONDS", 0.1)
    monkeypatch.setattr(web_server, "BODY_SECONDS", 0.1)
    with peer(port, said) as client:
        assert status(client) == expected
        assert answer(client) == b""


def test_half_open_connections_are_closed_oldest_first_and_keep_nobody_out(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    monkeypatch.setattr(web_server, "MAX_WAITING", 10)
    rude = [peer(port, b"GET / HT") for _ in range(30)]
    assert works(port)
    assert [answer(client) for client in rude[:20]] == [b""] * 20
    rude[-1].sendall(b"TP/1.1\r\nHost: gate\r\n\r\n")
    assert status(rude[-1]) == 200
    for client in rude:
        client.close()


def test_beyond_the_most_connections_new_ones_are_reported_to_come_again(
    monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    monkeypatch.setattr(web_server, "max_connections", lambda: 3)
    with connect(f"ws://{LOOPBACK}:{port}/ws") as live, peer(port), peer(port), peer(port) as late:
        said = answer(late)
        assert said.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 5\r\n" in said
        live.send("still here")
        assert live.recv() == "still here"
    wait_until(lambda: works(port), "there is room again")


@pytest.mark.parametrize(
    ("opcode", "data"),
    [(Opcode.TEXT, b""), (Opcode.PING, b""), (Opcode.PONG, b"x"), (Opcode.TEXT, b"3.nop;")],
)
def test_a_flood_of_frames_is_cut_off(port: int, opcode: Opcode, data: bytes) -> None:
    flood = Frame(opcode, data).serialize(mask=True) * 40_000
    with connect(f"ws://{LOOPBACK}:{port}/ws", close_timeout=1) as rude, connect(f"ws://{LOOPBACK}:{port}/ws") as other:
        with suppress(OSError):
            rude.socket.sendall(flood)
        with pytest.raises(ConnectionClosed):
            while True:
                rude.recv(timeout=20)
        other.send("still here")
        assert other.recv() == "still here"


def test_a_clipboard_of_a_megabyte_is_no_flood(port: int) -> None:
    with connect(f"ws://{LOOPBACK}:{port}/ws", max_size=None) as client:
        for _ in range(180):
            client.send("x" * 8_080)
        assert [len(client.recv()) for _ in range(180)] == [8_080] * 180


def test_a_tls_peer_that_never_shakes_hands_is_dropped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(web_server, "TLS_HANDSHAKE_SECONDS", 0.2)
    monkeypatch.setattr(web_server, "HEAD_SECONDS", 0.2)
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    for path, data in zip((certificate, key), self_signed(LOOPBACK), strict=True):
        path.write_bytes(data)
    with serving(ssl_certfile=str(certificate), ssl_keyfile=str(key)) as port:
        with peer(port) as silent:
            assert answer(silent) == b""
        context = ssl.create_default_context(cafile=str(certificate))
        with context.wrap_socket(peer(port), server_hostname=LOOPBACK) as slow:
            slow.sendall(b"GET / HT")
            assert status(slow) == 408
        with context.wrap_socket(peer(port), server_hostname=LOOPBACK) as long:
            long.sendall(b"GET / HTTP/1.1\r\nX-Long: " + b"x" * (web_server.MAX_HEAD_BYTES + 2048))
            assert status(long) == 431
