"""Where the web server may listen."""

import socket
from pathlib import Path

import pytest

from gateway.core.errors import ConflictError, InvalidInputError
from gateway.demo.certificate import self_signed
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


@pytest.fixture
def certificate(tmp_path: Path) -> dict[str, object]:
    files = tmp_path / "cert.pem", tmp_path / "key.pem"
    for file, content in zip(files, self_signed("127.0.0.1"), strict=True):
        file.write_bytes(content)
    return {"tls_cert": files[0], "tls_key": files[1]}


def test_tls_here_opens_the_network(certificate: dict[str, object]) -> None:
    assert listening.checked(settings(host=ANYWHERE, **certificate)).port > 0


def test_tls_in_front_opens_the_network() -> None:
    assert listening.checked(settings(host=ANYWHERE, trusted_proxy="192.0.2.1")).port > 0


@pytest.mark.parametrize("name", ["tls_cert", "tls_key"])
def test_a_certificate_file_that_is_missing_is_named(certificate: dict[str, object], name: str) -> None:
    path = Path(str(certificate[name]))
    path.unlink()
    with pytest.raises(InvalidInputError, match=f"{path} cannot be read: No such file"):
        listening.checked(settings(**certificate))


def test_a_key_of_another_certificate_is_refused(certificate: dict[str, object]) -> None:
    Path(str(certificate["tls_key"])).write_bytes(self_signed("127.0.0.1")[1])
    with pytest.raises(InvalidInputError, match="not a PEM certificate and its unencrypted key"):
        listening.checked(settings(**certificate))


def test_half_a_certificate_is_refused_on_loopback_too(certificate: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError, match="REELGATE_TLS_KEY is not set"):
        listening.checked(settings(tls_cert=certificate["tls_cert"]))


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
def test_the_address_reported_is_one_that_can_be_opened_here(given: dict[str, object], url: str) -> None:
    assert listening.url(settings(**{**given, "port": 8080})) == url
