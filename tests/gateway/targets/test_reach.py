"""What is found at a target's address, and what it makes of guacd's words."""

import socket

import pytest

from gateway.core.desktop.guac import encode
from gateway.core.desktop.guac.instruction import Instruction
from gateway.core.desktop.guac.status import GuacStatus
from gateway.core.session import CloseReason
from gateway.sessions import endings
from gateway.targets import reach
from gateway.targets.reach import Reach, probe
from tests.gateway.proxies.desktop.site import LOOPBACK, dead_port


def test_a_port_that_is_open_closed_or_of_no_host() -> None:
    with socket.create_server((LOOPBACK, 0)) as listener:
        assert probe(LOOPBACK, listener.getsockname()[1]) is Reach.ANSWERS
    assert probe(LOOPBACK, dead_port()) is Reach.REFUSED
    assert probe("no-such-host.invalid", 5900) is Reach.NAME_UNKNOWN
    assert probe("x" * 70, 5900) is Reach.NAME_UNKNOWN


def test_an_address_of_ipv6_in_brackets() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        assert probe("[::1]", listener.getsockname()[1]) is Reach.ANSWERS


def test_a_port_that_does_not_answer_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "_PORT_SECONDS", 0.2)
    with socket.socket() as full:  # a backlog that is full answers no further connection
        full.bind((LOOPBACK, 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        assert probe(LOOPBACK, full.getsockname()[1]) is Reach.SILENT
        for one in waiting:
            one.close()


@pytest.mark.parametrize(
    ("protocol", "status", "found", "reason"),
    [
        ("vnc", GuacStatus.UPSTREAM_NOT_FOUND, Reach.REFUSED, CloseReason.TARGET_PORT_CLOSED),
        ("vnc", GuacStatus.UPSTREAM_NOT_FOUND, Reach.NAME_UNKNOWN, CloseReason.TARGET_UNKNOWN),
        ("vnc", GuacStatus.UPSTREAM_NOT_FOUND, Reach.SILENT, CloseReason.TARGET_UNREACHABLE),
        ("vnc", GuacStatus.UPSTREAM_NOT_FOUND, Reach.ANSWERS, CloseReason.TARGET_SIGN_IN_FAILED),
        ("rdp", GuacStatus.CLIENT_UNAUTHORIZED, Reach.SILENT, CloseReason.TARGET_UNREACHABLE),
        ("rdp", GuacStatus.CLIENT_UNAUTHORIZED, Reach.ANSWERS, CloseReason.TARGET_SIGN_IN_FAILED),
        ("rdp", GuacStatus.UPSTREAM_NOT_FOUND, Reach.ANSWERS, CloseReason.TARGET_ERROR),
    ],
)
def test_a_failure_is_reported_by_what_is_found_there(
    protocol: str, status: GuacStatus, found: Reach, reason: CloseReason
) -> None:
    ending = endings.from_error(Instruction("error", ("?", str(int(status)))))
    assert endings.is_failure_to_open(ending)
    assert endings.explained(ending, found, protocol).reason is reason


def test_no_word_of_guacd_is_repeated() -> None:
    ending = endings.from_required(Instruction("required", ("password", "<script>")))
    assert ending.text == "the target asks for a password and none is stored"
    assert b"script" not in ending.instruction()
    assert endings.from_required(Instruction("required", ())).instruction() == encode(
        "error", "the target asks for a credential and none is stored", 0x0301
    )
