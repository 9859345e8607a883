"""A browser that takes nothing, on a real socket: guacd is held back, and the gateway's memory stays what it was."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.core.desktop.guac import NEED_DATA, GuacParser, encode
from gateway.db.models import Target
from tests.gateway.proxies.desktop.site import LOOPBACK, Operator, Site
from tests.gateway.proxies.desktop.test_live_session import settings_for
from tests.parts.running import wait_until

_CHUNK = encode("blob", 1, "x" * 8000) * 8
# What both TCP connections' buffers hold on loopback (tcp_wmem and tcp_rmem grow to 4 and 6 MB each) and the gateway's
# own, which are a fraction of one. Without back-pressure it is whatever guacd offers.
_HELD_BACK_BYTES = 32 * 2**20
_OFFERED_BYTES = 4 * _HELD_BACK_BYTES


class FloodingGuacd:
    """Sends as fast as it is let."""

    def __init__(self) -> None:
        self._listener = socket.create_server((LOOPBACK, 0))
        self.address = f"{LOOPBACK}:{self._listener.getsockname()[1]}"
        self.sent_bytes = 0
        self.stalled_bytes = -1
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        link, _ = self._listener.accept()
        with link, self._listener:
            parser = GuacParser()
            said = ""
            while said != "connect":
                parser.feed(link.recv(65_536))
                while (item := parser.next_instruction()) is not NEED_DATA:
                    said = item.opcode
                    if said == "select":
                        link.sendall(encode("args", "VERSION_1_3_0"))
            link.sendall(encode("ready", "$flood") + encode("sync", 1))
            link.settimeout(1)
            self._flood(link)

    def _flood(self, link: socket.socket) -> None:
        while self.sent_bytes < _OFFERED_BYTES:
            try:
                self.sent_bytes += link.send(_CHUNK[self.sent_bytes % len(_CHUNK) :])
            except TimeoutError:
                self.stalled_bytes = self.sent_bytes
            except OSError:
                return

    def close(self) -> None:
        """Wait for its end."""
        self._thread.join(20)
        assert not self._thread.is_alive()


@pytest.fixture
def guacd_that_floods() -> Iterator[FloodingGuacd]:
    guacd = FloodingGuacd()
    yield guacd
    guacd.close()


def test_nothing_piles_up_behind_a_browser_that_takes_nothing(tmp_path: Path, guacd_that_floods: FloodingGuacd) -> None:
    with Site(settings_for(tmp_path, guacd_that_floods.address)) as site:
        user, cookie = site.user()
        target = site.add_target(Target(name="flood", protocol="vnc", host=LOOPBACK, port=1))
        with Operator(site.port, cookie, site.ticket(user, target)) as operator:
            wait_until(lambda: guacd_that_floods.stalled_bytes >= 0, "guacd is held back")
            assert 0 < guacd_that_floods.stalled_bytes < _HELD_BACK_BYTES
            recorded = len(site.stream(site.recording_of(site.sessions()[0].id)))
            assert recorded <= guacd_that_floods.stalled_bytes
            # As soon as the browser takes again, all goes on.
            operator.pump_until(lambda: guacd_that_floods.sent_bytes > guacd_that_floods.stalled_bytes + len(_CHUNK))
        assert site.closed_session().close_reason in {"operator_left", "guacd_lost"}
