"""What is found at a target's address."""

import socket

import pytest

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
