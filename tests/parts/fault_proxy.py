"""A relay in front of a real server that does on request what networks and full servers do: slow, cut, refuse, lie.

HTTP is passed on request by request, so that an answer can be replaced or spoiled; the real server does all the rest.
"""

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

# Nothing is held back for longer, whatever becomes of the test.
_LONGEST_SECONDS = 60.0


@dataclass
class Fault:
    """What to do to requests that `hits` picks (method, path with query). Counts how often it did.

    `status` with `code`: this error instead of passing on. `delay_seconds`: before passing on. `until`: held back until
    it is set. `cut`: the connection is closed half way through the answer's body. `spoil`: changes the answer's body.
    `limit`: only so many times.
    """

    hits: Callable[[str, str], bool]
    status: int | None = None
    code: str = ""
    delay_seconds: float = 0.0
    until: threading.Event | None = None
    cut: bool = False
    drop: bool = False
    spoil: Callable[[bytes], bytes] | None = None
    limit: int | None = None
    count: int = field(default=0)

    def takes(self, method: str, path: str) -> bool:
        if not self.hits(method, path) or (self.limit is not None and self.count >= self.limit):
            return False
        self.count += 1
        return True


class FaultProxy:
    """A context: `url` to be used instead of the server's. Faults are set by `fault` and ended by `heal`.

    `requests` are the (method, path with query) of all that came, in order.
    """

    def __init__(self, server_url: str) -> None:
        self.requests: list[tuple[str, str]] = []
        self.fault: Fault | None = None
        self._upstream = urlsplit(server_url).netloc
        proxy = self

        class Handler(_Handler):
            owner = proxy

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def heal(self) -> None:
        """Pass everything on again."""
        self.fault = None

    def sent(self, method: str, part: str) -> int:
        """How many requests of that method had this in their path."""
        return sum(found == method and part in path for found, path in self.requests)

    def exchange(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any, bytes]:
        """The real server's answer. The Host header is kept: the request's signature covers it."""
        connection = http.client.HTTPConnection(self._upstream, timeout=20)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    owner: FaultProxy
    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.owner.requests.append((self.command, self.path))
        fault = self.owner.fault
        try:
            if fault is not None and fault.takes(self.command, self.path):
                self._answer_badly(fault, body)
            else:
                self._answer(*self._pass_on(body))
        except OSError:  # the server is stopped, or the client waits no longer
            self.close_connection = True

    def log_message(self, *_arguments: Any) -> None:
        """The test's own assertions say what came."""

    def _pass_on(self, body: bytes) -> tuple[int, Any, bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
        return self.owner.exchange(self.command, self.path, headers, body)

    def _answer_badly(self, fault: Fault, body: bytes) -> None:
        time.sleep(fault.delay_seconds)
        if fault.until is not None:
            fault.until.wait(_LONGEST_SECONDS)
        if fault.drop:
            self.close_connection = True
            return
        if fault.status is not None:
            text = (
                b""
                if fault.status < HTTPStatus.BAD_REQUEST
                else f"<Error><Code>{fault.code}</Code><Message>no</Message></Error>".encode()
            )
            self._answer(fault.status, {"Content-Type": "application/xml"}, b"" if self.command == "HEAD" else text)
            return
        status, headers, answer = self._pass_on(body)
        if fault.spoil is not None:
            answer = fault.spoil(answer)
        self._answer(status, headers, answer, cut=fault.cut)

    def _answer(self, status: int, headers: Any, body: bytes, *, cut: bool = False) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                self.send_header(name, value)
        length = headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(body))
        if status not in {204, 304}:
            self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self.wfile.flush()
            self.close_connection = True


for _method in ("GET", "PUT", "POST", "HEAD", "DELETE"):
    setattr(_Handler, f"do_{_method}", _Handler.handle_any)
