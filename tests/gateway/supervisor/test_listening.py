"""Where the web server may listen."""

import socket
from pathlib import Path

import pytest

from gateway.core.errors import ConflictError, InvalidInputError
from gateway.settings import Settings
from gateway.supervisor import listening
from gateway.supervisor.probes import free_port

ANYWHERE = "0.0.0.0"  # noqa: S104 - asked about, not listened on


def settings(**given: object) -> Settings:
    return Settings.model_validate({"port": 0, **given})


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_loopback_needs_no_tls(host: str) -> None:
    assert listening.checked(settings(host=host)).port


@pytest.mark.parametrize("host", [ANYWHERE, "::", "192.0.2.1", "gate.example"])
def test_beyond_loopback_needs_tls(host: str) -> None:
    with pytest.raises(InvalidInputError, match="needs TLS"):
        listening.checked(settings(host=host))


@pytest.mark.parametrize(
    "given",
    [{"tls_cert": Path("cert.pem"), "tls_key": Path("key.pem")}, {"trusted_proxy": "192.0.2.1"}],
    ids=["certificate", "proxy"],
)
def test_tls_here_or_in_front_opens_the_network(given: dict[str, object]) -> None:
    assert listening.checked(settings(host=ANYWHERE, **given)).port > 0


def test_a_certificate_without_its_key_is_not_tls() -> None:
    with pytest.raises(InvalidInputError, match="needs TLS"):
        listening.checked(settings(host=ANYWHERE, tls_cert=Path("cert.pem")))


def test_a_free_port_is_kept() -> None:
    port = free_port()
    assert listening.checked(settings(port=port)).port == port


def test_a_taken_port_is_said_to_be_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(ConflictError, match=rf"port {port} of .* is in use"):
            listening.checked(settings(port=port))


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"cannot listen on 192\.0\.2\.1"):
        listening.checked(settings(host="192.0.2.1", trusted_proxy="192.0.2.1"))


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({"host": "127.0.0.1"}, "http://127.0.0.1:8080"),
        ({"host": ANYWHERE}, "http://127.0.0.1:8080"),
        ({"host": "::"}, "http://[::1]:8080"),
        ({"host": "127.0.0.1", "tls_cert": Path("cert.pem")}, "https://127.0.0.1:8080"),
    ],
)
def test_the_address_told_is_one_that_can_be_opened_here(given: dict[str, object], url: str) -> None:
    assert listening.url(settings(**{**given, "port": 8080})) == url
