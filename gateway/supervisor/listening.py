"""May the web server listen where it is told to? Looked at before anything is started, so that the answer is one line."""

import errno
import socket

from gateway.core.errors import ConflictError, InvalidInputError
from gateway.core.network import is_loopback
from gateway.settings import Settings


def checked(settings: Settings) -> Settings:
    """The settings with a port that is free (one is chosen for port 0).

    Raises InvalidInputError where sign-ins and screens would cross a network in clear text, ConflictError where
    another program listens already.
    """
    encrypted = (settings.tls_cert and settings.tls_key) or settings.trusted_proxy
    if not is_loopback(settings.host) and not encrypted:
        raise InvalidInputError(
            f"listening on {settings.host} needs TLS: set REELGATE_TLS_CERT and REELGATE_TLS_KEY, or "
            "REELGATE_TRUSTED_PROXY when a proxy in front does TLS"
        )
    return settings.model_copy(update={"port": _free(settings.host, settings.port)})


def reachable(host: str) -> str:
    """An address at which a server that listens on `host` is reached from this machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not listened on


def url(settings: Settings) -> str:
    """Address of the web server as seen from this machine."""
    host = reachable(settings.host)
    scheme = "https" if settings.tls_cert else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _free(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family) as server:
            return int(server.getsockname()[1])
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ConflictError(
                f"port {port} of {host} is in use by another program: choose another with --port"
            ) from error
        raise InvalidInputError(f"cannot listen on {host} port {port}: {error.strerror or error}") from error
