"""Only what stands in the forms reaches guacd."""

import re

import pytest

from gateway.core.errors import InvalidInputError
from gateway.targets.protocols import PROTOCOLS, SERVER_LAYOUTS, ParameterKind, checked_parameters, server_layout
from tests.parts.desktops import RdpDesktop, VncDesktop
from tests.parts.guacamole_client import GuacamoleClient
from tests.parts.guacd import Guacd

# What lets guacd write or read files on its own machine, or is a secret or the gateway's own to decide.
NOBODYS = re.compile(
    r"recording-.*|create-recording-path|typescript-.*|.*drive.*|.*printing|printer-.*|.*sftp.*|static-channels|username|password"
    r"|private-key|passphrase|.*gateway-.*|hostname|port|width|height|dpi|timezone|reverse-connect|listen-timeout|wol-.*|dest-.*"
)

# guacd 1.3 does not know these yet; it asks for arguments by name, so they are simply not sent there.
NEWER = {"enable-touch", "force-lossless", "normalize-clipboard"}


@pytest.fixture(params=sorted(PROTOCOLS))
def asked(request: pytest.FixtureRequest, guacd: Guacd) -> tuple[str, set[str]]:
    """A protocol and the arguments the real guacd asks for."""
    with GuacamoleClient(guacd.host, guacd.port) as client:
        client.send("select", request.param)
        return request.param, set(client.wait_for(lambda item: item.opcode == "args").args)


def test_no_form_has_what_is_nobodys_to_set() -> None:
    names = {parameter.name for form in PROTOCOLS.values() for parameter in form.parameters}
    assert {name for name in names if NOBODYS.fullmatch(name)} == set()


def test_forms_are_in_order() -> None:
    for form in PROTOCOLS.values():
        names = [parameter.name for parameter in form.parameters]
        assert len(names) == len(set(names))
        for parameter in form.parameters:
            assert bool(parameter.choices) == (parameter.kind is ParameterKind.CHOICE)
            if parameter.default:
                assert checked_parameters(form.name, {parameter.name: parameter.default})


def test_guacd_knows_every_name(asked: tuple[str, set[str]]) -> None:
    protocol, known = asked
    assert {parameter.name for parameter in PROTOCOLS[protocol].parameters} - known <= NEWER


def test_empty_values_count_as_not_set() -> None:
    assert checked_parameters("vnc", {"cursor": "", "read-only": "true"}) == {"read-only": "true"}


@pytest.mark.parametrize(
    ("protocol", "parameters", "reason"),
    [
        ("x11", {}, "unknown protocol 'x11'"),
        ("rdp", {"recording-path": "/tmp"}, "'recording-path' cannot be set for RDP"),
        ("ssh", {"password": "x"}, "'password' cannot be set for SSH"),
        ("rdp", {"console": "yes"}, "true or false"),
        ("rdp", {"security": "none"}, "one of any, nla"),
        ("vnc", {"autoretry": "-1"}, "a number from 0"),
        ("vnc", {"autoretry": "٣"}, "a number from 0"),
        ("vnc", {"autoretry": "1000001"}, "a number from 0"),
        ("rdp", {"domain": "x" * 1025}, "has 1025 characters; at most 1024"),
        ("rdp", {"domain": "a\nb"}, "unprintable"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(protocol: str, parameters: dict[str, str], reason: str) -> None:
    with pytest.raises(InvalidInputError, match=re.escape(reason)):
        checked_parameters(protocol, parameters)


def test_the_demo_desktops_fit(vnc_desktop: VncDesktop, rdp_desktop: RdpDesktop) -> None:
    for desktop in (vnc_desktop, rdp_desktop):
        parameters = dict(desktop.target.parameters)
        assert checked_parameters(desktop.target.protocol, parameters) == parameters


@pytest.mark.parametrize(
    ("keyboard", "layout"),
    [
        ("de-de-qwertz", "de-de-qwertz"),
        ("de", "de-de-qwertz"),
        ("de-AT", "de-de-qwertz"),
        ("de-CH", "de-ch-qwertz"),
        ("EN-gb", "en-gb-qwerty"),
        ("pt-BR", "pt-br-qwerty"),
        ("tlh", ""),
        ("", ""),
    ],
)
def test_a_keyboard_is_given_by_layout_or_language(keyboard: str, layout: str) -> None:
    assert server_layout(keyboard) == layout
    assert not layout or layout in SERVER_LAYOUTS.split()
