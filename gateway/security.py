"""What every answer carries and every request must keep to, whatever route it is for.

Callers: `create_app`. Plain ASGI, so that streaming answers and sockets pass through untouched.
"""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The largest body the API takes is a target with its parameters: some kilobytes.
MAX_BODY_BYTES: Final = 1024 * 1024
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# Mantine sets styles from scripts, hence 'unsafe-inline' for styles alone. blob: and data: are the remote desktop's images.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def same_origin(headers: Headers, public_url: str | None) -> bool:
    """Whether the `Origin` header names this site: the public address when set, else the request's own host."""
    origin = headers.get("origin", "")
    if public_url and origin.rstrip("/") == public_url.rstrip("/"):
        return True
    return public_url is None and bool(origin) and urlsplit(origin).netloc == headers.get("host")


class SecurityMiddleware:
    """Security headers out; foreign origins and oversized bodies refused."""

    def __init__(self, app: ASGIApp, public_url: str | None = None) -> None:
        self._app = app
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, _Bounded(receive), _with_headers(scope, send))

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        foreign = "origin" in headers and not same_origin(headers, self._public_url)
        if foreign and scope["method"] not in _SAFE_METHODS:
            return JSONResponse({"detail": "requests from another site are not allowed"}, 403)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            return JSONResponse({"detail": f"the body is larger than {MAX_BODY_BYTES} bytes"}, 413)
        return None


class _Bounded:
    """Ends a body that was sent without a length once it is larger than allowed, as if the sender had left."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._count = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._count += len(message.get("body", b""))
        return message if self._count <= MAX_BODY_BYTES else {"type": "http.disconnect"}


def _with_headers(scope: Scope, send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if scope["path"].startswith("/api/"):
                headers.setdefault("Cache-Control", "no-store")
            if scope["scheme"] == "https":
                headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        await send(message)

    return wrapped
