"""The handshake: versions, optional steps, arguments, refusals, and what was read too far."""

import logging
import socket
import threading
from contextlib import closing

import pytest

from gateway.core.desktop.guac import NEED_DATA, GuacParser, encode
from gateway.core.session import CloseReason
from gateway.proxies.desktop.guacd import Connection, GuacdError, GuacdLink, Screen, connect
from tests.gateway.proxies.desktop.site import LOOPBACK, dead_port
from tests.parts.desktops import VncDesktop
from tests.parts.guacd import Guacd

SCREEN = Screen(1280, 800, 96, "Europe/Berlin")
READY = encode("ready", "$secret-id")


class ScriptedGuacd:
    """Answers one handshake as told and keeps what it heard."""

    def __init__(self, args: bytes, ready: bytes) -> None:
        self._answers = {"select": args, "connect": ready}
        self._listener = socket.create_server((LOOPBACK, 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        self.heard: list[tuple[str, ...]] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        link, _ = self._listener.accept()
        parser = GuacParser()
        with link, self._listener:
            while data := link.recv(65_536):
                parser.feed(data)
                while (item := parser.next_instruction()) is not NEED_DATA:
                    self.heard.append((item.opcode, *item.args))
                    if self._answers.get(item.opcode) == b"":
                        return
                    link.sendall(self._answers.get(item.opcode, b""))

    def close(self) -> None:
        """Wait for its end."""
        self._thread.join(10)
        assert not self._thread.is_alive()


def shake(
    args: bytes, ready: bytes = READY, parameters: dict[str, str] | None = None
) -> tuple[ScriptedGuacd, GuacdLink]:
    guacd = ScriptedGuacd(args, ready)
    link = connect(guacd.address, Connection("vnc", parameters or {}, "Ann", SCREEN))
    link.socket.close()
    guacd.close()
    return guacd, link


@pytest.mark.parametrize(
    ("theirs", "ours", "optional"),
    [
        ("VERSION_1_0_0", "VERSION_1_0_0", []),
        ("VERSION_1_1_0", "VERSION_1_1_0", ["timezone"]),
        ("VERSION_1_3_0", "VERSION_1_3_0", ["timezone"]),
        ("VERSION_1_5_0", "VERSION_1_5_0", ["timezone", "name"]),
        ("VERSION_1_9_0", "VERSION_1_5_0", ["timezone", "name"]),
    ],
)
def test_the_older_version_of_both_is_spoken(theirs: str, ours: str, optional: list[str]) -> None:
    guacd, _ = shake(encode("args", theirs, "hostname"))
    assert [said[0] for said in guacd.heard] == ["select", "size", "audio", "video", "image", *optional, "connect"]
    assert guacd.heard[-1][:2] == ("connect", ours)


def test_exactly_the_arguments_asked_for_are_given_in_their_order() -> None:
    asked = encode("args", "VERSION_1_3_0", "hostname", "recording-path", "port", "password")
    given = {"port": "5901", "hostname": "db-01", "password": "p;,äß", "unasked": "x"}
    guacd, _ = shake(asked, parameters=given)
    assert guacd.heard[-1] == ("connect", "VERSION_1_3_0", "db-01", "", "5901", "p;,äß")
    assert guacd.heard[1] == ("size", "1280", "800", "96")
    assert guacd.heard[4] == ("image", "image/png", "image/jpeg", "image/webp")


def test_what_came_behind_ready_is_handed_on() -> None:
    _, link = shake(encode("args", "VERSION_1_3_0"), READY + encode("sync", 7) + b"3.im")
    assert link.over_read == encode("sync", 7) + b"3.im"
    assert link.connection_id == "$secret-id"
    assert "$secret-id" not in repr(link)


def test_secrets_are_in_no_representation_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    parameters = {"password": "hunter2"}
    _, link = shake(encode("args", "VERSION_1_3_0", "password"), parameters=parameters)
    connection = Connection("vnc", parameters, "Ann", SCREEN)
    assert "hunter2" not in repr(connection) + caplog.text
    assert "secret-id" not in repr(link) + caplog.text


@pytest.mark.parametrize(
    ("args", "ready", "reason"),
    [
        (b"", b"", CloseReason.GUACD_LOST),
        (encode("args", "hostname"), b"", CloseReason.GUACD_LOST),
        (encode("nonsense"), b"", CloseReason.GUACD_LOST),
        (b"rubbish;", b"", CloseReason.GUACD_LOST),
        (encode("args", "VERSION_1_3_0"), b"", CloseReason.GUACD_LOST),
        (encode("args", "VERSION_1_3_0"), encode("error", "no", 0x0207), CloseReason.TARGET_UNREACHABLE),
        (encode("args", "VERSION_1_3_0"), encode("error", "no", 0x0301), CloseReason.TARGET_SIGN_IN_FAILED),
    ],
)
def test_a_handshake_that_fails_says_how_the_session_ends(args: bytes, ready: bytes, reason: CloseReason) -> None:
    guacd = ScriptedGuacd(args, ready)
    with pytest.raises(GuacdError) as caught:
        connect(guacd.address, Connection("vnc", {}, "Ann", SCREEN))
    guacd.close()
    assert caught.value.ending.reason == reason


def test_nobody_there() -> None:
    with pytest.raises(GuacdError) as caught:
        connect((LOOPBACK, dead_port()), Connection("vnc", {}, "Ann", SCREEN))
    assert caught.value.ending.reason == CloseReason.GUACD_LOST


def test_the_real_one(guacd: Guacd, vnc_desktop: VncDesktop) -> None:
    link = connect((guacd.host, guacd.port), Connection("vnc", vnc_desktop.connect_arguments(), "Ann", SCREEN))
    with closing(link.socket):
        assert link.connection_id.startswith("$")
        assert not link.socket.getblocking()
        assert link.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
