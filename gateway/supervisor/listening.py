"""Check that the web server may listen as configured, before anything starts, so that errors are one line."""

import errno
import socket
import ssl

from gateway.core.errors import ConflictError, InvalidInputError
from gateway.core.network import is_loopback
from gateway.settings import Settings


def checked(settings: Settings) -> Settings:
    """Return the settings with a free port (port 0: any).

    Raises InvalidInputError if sign-ins and screens would cross a network in clear text or the certificate is unusable,
    ConflictError if another program already listens there.
    """
    encrypted = (settings.tls_cert and settings.tls_key) or settings.trusted_proxy
    if not is_loopback(settings.host) and not encrypted:
        raise InvalidInputError(
            f"listening on {settings.host} needs TLS: set REELGATE_TLS_CERT and REELGATE_TLS_KEY, or "
            "REELGATE_TRUSTED_PROXY when a proxy in front does TLS"
        )
    _check_certificate(settings)
    return settings.model_copy(update={"port": _free(settings.host, settings.port)})


def _check_certificate(settings: Settings) -> None:
    cert, key = settings.tls_cert, settings.tls_key
    if cert is None and key is None:
        return
    if cert is None or key is None:
        missing = "REELGATE_TLS_CERT" if cert is None else "REELGATE_TLS_KEY"
        raise InvalidInputError(f"{missing} is not set: TLS needs both a certificate and its key")
    for path in (cert, key):
        try:
            path.read_bytes()
        except OSError as error:
            raise InvalidInputError(f"{path} cannot be read: {error.strerror}") from error
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key, password="")
    except (ssl.SSLError, ValueError) as error:
        raise InvalidInputError(
            f"{cert} and {key} are not a PEM certificate and its unencrypted key: {error}"
        ) from error


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
