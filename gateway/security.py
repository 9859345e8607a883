"""Security headers for every response, and limits for every request.

Plain ASGI, so that streaming responses and sockets pass through untouched.
"""

from socket import gethostname
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.core.network import is_address, is_loopback
from gateway.settings import Settings

# The largest legitimate body is a target with its parameters: a few kilobytes.
MAX_BODY_BYTES: Final = 1024 * 1024
_PORTS: Final = {"http": 80, "https": 443}
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


def same_origin(scope: Scope, settings: Settings) -> bool:
    """Whether the `Origin` header names this site, including scheme and port.

    The site is REELGATE_PUBLIC_URL. If that is not set, it is the request's `Host`, trusted only if DNS rebinding cannot
    fake it: a loopback name, this machine's name, the address the server listens on, or the address the client connected
    to.
    """
    headers = Headers(scope=scope)
    origin = _site(headers.get("origin", ""))
    if origin is None:
        return False
    if settings.public_url is not None:
        return origin == _site(settings.public_url)
    scheme = "https" if scope["scheme"] in {"https", "wss"} else "http"
    own = _site(f"{scheme}://{headers.get('host', '')}")
    return origin == own and _is_own(origin.host, scope, settings)


class _Site(NamedTuple):
    scheme: str
    host: str
    port: int | None


def _site(url: str) -> _Site | None:
    """Return scheme, host and port of a URL, with the scheme's default port if it names none; None if it is invalid."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or parts.scheme not in _PORTS or "@" in parts.netloc:
        return None
    return _Site(parts.scheme, host.rstrip("."), port or _PORTS[parts.scheme])


def _is_own(host: str, scope: Scope, settings: Settings) -> bool:
    if is_loopback(host) or host in {settings.host.lower(), gethostname().lower()}:
        return True
    connected_to = (scope.get("server") or ("",))[0]
    return is_address(host) and host == connected_to


class SecurityMiddleware:
    """Adds security headers; rejects foreign origins and oversized bodies."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, _Bounded(receive), _with_headers(scope, send))

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        headers = Headers(scope=scope)
        foreign = "origin" in headers and not same_origin(scope, self._settings)
        if foreign and scope["method"] not in _SAFE_METHODS:
            hint = "" if self._settings.public_url else "; if this is this site, set REELGATE_PUBLIC_URL to its address"
            return JSONResponse({"detail": f"requests from another site are not allowed{hint}"}, 403)
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            return JSONResponse({"detail": "the address contains the character U+0000"}, 422)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            return JSONResponse({"detail": f"the request body is larger than {MAX_BODY_BYTES // 2**20} MiB"}, 413)
        return None


class _Bounded:
    """Cuts off a body without a length once it exceeds the limit, as if the client had disconnected."""

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
