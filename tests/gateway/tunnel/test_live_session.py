"""Whole sessions: a real guacd, real desktops, a real WebSocket."""

from tests.gateway.tunnel.site import Operator, Site, instructions, without_acts
from tests.parts.desktops import VncDesktop


def test_a_session_is_shown_and_recorded(site: Site, vnc_desktop: VncDesktop) -> None:
    user, cookie = site.user()
    with Operator(site, cookie, site.ticket(user, site.target(vnc_desktop))) as operator:
        operator.wait_for("sync", count=3)
        operator.send("mouse", 10, 20, 0)
        operator.type_line("echo hello")
        operator.wait_for("sync", count=3)
        operator.send("disconnect")
        assert operator.wait_closed() == (1000, "0")
    row = site.closed_session()
    recording = site.recording_of(row.id)
    stream = site.stream(recording)
    assert row.close_reason == "operator_left"
    assert without_acts(stream).startswith(operator.shown)
    assert operator.messages[0] == f"0.,36.{row.id};"
    acts = [item for item in instructions(stream) if item.opcode in {"mouse", "key"}]
    assert acts[0].args[:3] == ("10", "20", "0")
    assert "".join(chr(int(item.args[0])) for item in acts[1:-2] if item.args[1] == "1") == "echo hello"
