"""Whole sessions: a real guacd, real desktops, a real WebSocket."""

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from gateway.core.recording.layout import SEGMENT_FOLDER
from gateway.core.recording.manifest import line_hash
from gateway.core.work import STAGE_ORDER
from gateway.db.models import Target
from gateway.evidence.testimony import read_testimony
from gateway.proxies.desktop import session as running
from gateway.sessions.closing import close_session
from gateway.settings import Settings
from tests.gateway.proxies.desktop.site import LOOPBACK, Operator, Site, dead_port, instructions, without_acts
from tests.parts.desktops import RdpDesktop, RunningDesktop, VncDesktop
from tests.parts.guacd import Guacd
from tests.parts.running import wait_until


@pytest.fixture(params=["vnc", "rdp"])
def desktop(request: pytest.FixtureRequest) -> RunningDesktop:
    """Each protocol's desktop."""
    found: RunningDesktop = request.getfixturevalue(f"{request.param}_desktop")
    return found


def acts_of(stream: bytes) -> list[tuple[str, ...]]:
    return [(item.opcode, *item.args) for item in instructions(stream) if item.opcode in {"mouse", "key"}]


def test_a_session_is_shown_and_recorded(site: Site, desktop: RunningDesktop) -> None:
    user, cookie = site.user()
    with Operator(
        site.port, cookie, site.ticket(user, site.target(desktop)), timezone="Europe/Berlin", layout="de-DE"
    ) as operator:
        operator.wait_for("sync", count=3)
        operator.send("mouse", 10, 20, 0)
        operator.type_line("echo hello")
        operator.wait_for("sync", count=3)
        operator.send("disconnect")
        assert operator.wait_closed() == (1000, "0")
    row = site.closed_session()
    recording = site.recording_of(row.id)
    stream = site.stream(recording)
    assert (row.close_reason, row.client_address, row.gateway_id) == ("operator_left", LOOPBACK, "gateway-a")
    assert operator.messages[0] == f"0.,36.{row.id};"
    # What was recorded begins with what was shown; bytes in flight when the operator left may follow.
    assert without_acts(stream).startswith(operator.shown)
    acts = acts_of(stream)
    assert acts[0][:4] == ("mouse", "10", "20", "0")
    assert "".join(chr(int(act[1])) for act in acts[1:-2] if act[2] == "1") == "echo hello"
    times = [int(act[-1]) for act in acts]
    syncs = [int(item.args[0]) for item in instructions(stream) if item.opcode == "sync"]
    assert times == sorted(times)
    assert syncs[0] <= times[0]
    assert times[-1] <= syncs[-1] + 1000


def test_a_closed_session_has_its_rows_stages_job_and_audit(site: Site, vnc_desktop: VncDesktop) -> None:
    user, cookie = site.user()
    with Operator(site.port, cookie, site.ticket(user, site.target(vnc_desktop))) as operator:
        operator.wait_for("sync")
        assert [(row.state, row.close_reason) for row in site.sessions()] == [("active", None)]
        assert len(site.state.registry) == 1
        operator.send("disconnect")
        operator.wait_closed()
    row = site.closed_session()
    recording = site.recording_of(row.id)
    assert (recording.state, recording.closed_at) == ("open", row.closed_at)
    assert {stage.name for stage in site.stages(recording.id)} == set(STAGE_ORDER)
    assert site.jobs == [("recording.advance", recording.id)]
    tags = [tag for tag, _ in site.audit() if tag.startswith("tunnel:")]
    assert tags == [
        "tunnel:session:opened",
        "tunnel:recording:opened",
        "tunnel:recording:closed",
        "tunnel:session:closed",
    ]
    manifest = site.manifest(recording)
    with site.state.database.read() as session:
        said = read_testimony(session, recording.id)
    assert said.opening is not None
    assert (said.opening.operator, said.opening.session_id) == (recording.operator_name, row.id)
    assert said.opening.header_sha256 == line_hash(manifest.lines[0])
    assert said.closing is not None
    assert said.closing.line_count == len(manifest.lines)
    assert said.closing.last_line_sha256 == line_hash(manifest.lines[-1])
    assert said.closing.size_bytes == sum(segment.size_bytes for segment in manifest.closed.values())
    assert (manifest.header.recording_id, manifest.header.session_id) == (recording.id, row.id)
    assert manifest.ended is not None
    assert manifest.ended.reason == "operator_left"
    assert sorted(manifest.closed) == [0]


def test_every_message_is_in_the_recording_when_it_arrives(site: Site, vnc_desktop: VncDesktop) -> None:
    user, cookie = site.user()
    with Operator(site.port, cookie, site.ticket(user, site.target(vnc_desktop))) as operator:
        operator.wait_for("", count=1)
        recording = site.recording_of(site.sessions()[0].id)
        checked = 0

        def look(message: str) -> None:
            nonlocal checked
            if not message.startswith("0."):
                assert message.encode() in site.stream(recording), "shown before it was recorded"
                checked += 1

        operator.on_message = look
        operator.type_line("seq 300")
        operator.wait_for("sync", count=10)
        assert checked > 10


def test_keys_are_not_recorded_where_the_target_says_so(site: Site, vnc_desktop: VncDesktop) -> None:
    user, cookie = site.user()
    with Operator(site.port, cookie, site.ticket(user, site.target(vnc_desktop, record_keys=False))) as operator:
        operator.wait_for("sync")
        operator.type_line("secret")
        operator.send("mouse", 5, 6, 0)
        operator.send("disconnect")
        operator.wait_closed()
    recording = site.recording_of(site.closed_session().id)
    assert [act[0] for act in acts_of(site.stream(recording))] == ["mouse"]
    assert not recording.keys_recorded


def test_two_sessions_at_once_are_two_recordings(site: Site, vnc_desktop: VncDesktop, rdp_desktop: RdpDesktop) -> None:
    user, cookie = site.user()
    vnc, rdp = site.target(vnc_desktop, name="vnc"), site.target(rdp_desktop, name="rdp")
    with (
        Operator(site.port, cookie, site.ticket(user, vnc)) as first,
        Operator(site.port, cookie, site.ticket(user, rdp)) as second,
    ):
        for _ in range(3):
            first.wait_for("sync")
            second.wait_for("sync")
        assert len(site.state.registry) == 2
        for operator in (first, second):
            operator.send("disconnect")
            operator.wait_closed()
    rows = site.sessions()
    streams = {row.target_name: without_acts(site.stream(site.recording_of(row.id))) for row in rows}
    assert streams["vnc"].startswith(first.shown)
    assert streams["rdp"].startswith(second.shown)


def test_a_browser_that_closes_its_socket_has_left(site: Site, vnc_desktop: VncDesktop) -> None:
    user, cookie = site.user()
    with Operator(site.port, cookie, site.ticket(user, site.target(vnc_desktop))) as operator:
        operator.wait_for("sync")
    assert site.closed_session().close_reason == "operator_left"


def test_a_browser_whose_connection_breaks_is_lost(site: Site, vnc_desktop: VncDesktop) -> None:
    user, cookie = site.user()
    with Operator(site.port, cookie, site.ticket(user, site.target(vnc_desktop))) as operator:
        operator.wait_for("sync")
        operator.socket.socket.shutdown(2)
        assert site.closed_session().close_reason == "peer_lost"


def test_a_server_that_stops_closes_its_sessions(site: Site, vnc_desktop: VncDesktop) -> None:
    user, cookie = site.user()
    with Operator(site.port, cookie, site.ticket(user, site.target(vnc_desktop))) as operator:
        operator.wait_for("sync")
        site.stop()
        row = site.closed_session()
    assert row.close_reason == "gateway_stopped"
    ended = site.manifest(site.recording_of(row.id)).ended
    assert ended is not None
    assert ended.reason == "gateway_stopped"


def test_guacd_killed_in_mid_session(tmp_path: Path, vnc_desktop: VncDesktop) -> None:
    folder = tmp_path / "guacd"
    folder.mkdir()
    with Guacd(folder) as guacd, Site(settings_for(tmp_path, guacd.address)) as site:
        user, cookie = site.user()
        target = site.target(vnc_desktop)
        with Operator(site.port, cookie, site.ticket(user, target)) as operator:
            operator.wait_for("sync")
            guacd.kill()
            assert operator.wait_closed() == (1011, "512")
        row = site.closed_session()
        assert row.close_reason == "guacd_lost"
        assert operator.received[-1].opcode == "error"
        # What the gateway shows of its own is recorded, too.
        assert site.stream(site.recording_of(row.id)).endswith(operator.messages[-1].encode())
        guacd.start()
        with Operator(site.port, cookie, site.ticket(user, target)) as operator:
            operator.wait_for("sync")


def test_guacd_not_there(tmp_path: Path, vnc_desktop: VncDesktop) -> None:
    with Site(settings_for(tmp_path, f"{LOOPBACK}:{dead_port()}")) as site:
        user, cookie = site.user()
        with Operator(site.port, cookie, site.ticket(user, site.target(vnc_desktop))) as operator:
            assert operator.wait_closed() == (1011, "512")
        assert [item.opcode for item in operator.received] == ["error"]
        assert site.closed_session().close_reason == "guacd_lost"


def test_a_target_that_is_not_there(site: Site) -> None:
    user, cookie = site.user()
    target = site.add_target(
        Target(name="gone", protocol="vnc", host=LOOPBACK, port=dead_port(), parameters={"autoretry": "0"})
    )
    with Operator(site.port, cookie, site.ticket(user, target)) as operator:
        code, reason = operator.wait_closed()
    assert (code, reason) in {(1011, str(0x0207)), (1011, str(0x0208))}
    assert [item.opcode for item in operator.received] == ["", "error", "disconnect"]
    assert site.closed_session().close_reason == "target_port_closed"


def test_a_target_whose_name_is_unknown(site: Site) -> None:
    user, cookie = site.user()
    target = site.add_target(
        Target(name="typo", protocol="vnc", host="no-such-host.invalid", port=5900, parameters={"autoretry": "0"})
    )
    with Operator(site.port, cookie, site.ticket(user, target)) as operator:
        operator.wait_closed()
    assert site.closed_session().close_reason == "target_unknown"


def test_a_credential_that_the_target_does_not_accept(site: Site, vnc_desktop: VncDesktop) -> None:
    user, cookie = site.user()
    made = vnc_desktop.target
    target = Target(name="desk", protocol="vnc", host=made.host, port=made.port, parameters={"autoretry": "0"})
    with Operator(site.port, cookie, site.ticket(user, site.add_target(target, "", "wrong"))) as operator:
        operator.wait_closed()
    assert site.closed_session().close_reason == "target_sign_in_failed"


def test_a_target_that_asks_for_a_password_where_none_is_stored(site: Site, vnc_desktop: VncDesktop) -> None:
    user, cookie = site.user()
    made = vnc_desktop.target
    target = Target(name="desk", protocol="vnc", host=made.host, port=made.port, parameters={})
    with Operator(site.port, cookie, site.ticket(user, site.add_target(target))) as operator:
        assert operator.wait_closed() == (1008, str(0x0301))
    [error] = [item for item in operator.received if item.opcode == "error"]
    assert error.args[0] == "the target asks for a password and none is stored"
    row = site.closed_session()
    assert row.close_reason == "credential_missing"
    assert site.stream(site.recording_of(row.id)) == operator.shown


def test_a_full_disk_ends_the_session_and_shows_nothing_more(
    site: Site, vnc_desktop: VncDesktop, full_disk: threading.Event
) -> None:
    user, cookie = site.user()
    with Operator(site.port, cookie, site.ticket(user, site.target(vnc_desktop))) as operator:
        operator.wait_for("sync")
        full_disk.set()
        operator.type_line("seq 300")
        code, reason = operator.wait_closed()
        full_disk.clear()
    row = site.closed_session()
    recording = site.recording_of(row.id)
    assert (code, reason, row.close_reason) == (1011, "512", "recorder_lost")
    assert [gap.cause for gap in site.manifest(recording).gaps] == ["disk_full"]
    lost = [details for tag, details in site.audit() if tag == "tunnel:recorder:lost"]
    assert [(details["cause"], details["policy"]) for details in lost] == [("disk_full", "strict")]
    assert without_acts(site.stream(recording)) == operator.shown, "something was shown that is not recorded"


def test_a_session_ends_in_the_database_however_long_that_was_away(
    site: Site, vnc_desktop: VncDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[str] = []

    def away_at_first(*args: Any, **named: Any) -> bool:
        attempts.append(args[2])
        if len(attempts) < 3:
            raise OperationalError("close", {}, ConnectionError("gone"))
        return close_session(*args, **named)

    monkeypatch.setattr(running, "close_session", away_at_first)
    monkeypatch.setattr(running, "_RETRY_SECONDS", 0.01)
    user, cookie = site.user()
    with Operator(site.port, cookie, site.ticket(user, site.target(vnc_desktop))) as operator:
        operator.wait_for("sync")
        operator.send("disconnect")
        operator.wait_closed()
    assert site.closed_session().close_reason == "operator_left"
    assert attempts == [site.sessions()[0].id] * 3
    wait_until(lambda: len(site.state.registry) == 0, "the session is no longer live")


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """While set, writing to a segment fails as on a full disk."""
    is_full, real = threading.Event(), os.write

    def write(descriptor: int, data: bytes) -> int:
        if is_full.is_set() and SEGMENT_FOLDER in Path(f"/proc/self/fd/{descriptor}").readlink().parts:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data)

    monkeypatch.setattr(os, "write", write)
    yield is_full
    is_full.clear()


def settings_for(folder: Path, guacd: str, **changed: float) -> Settings:
    """Settings of a site below a folder."""
    (folder / "data").mkdir()
    values = {"free_space_floor_bytes": 0, **changed}
    return Settings.model_validate({"data_dir": folder / "data", "guacd": guacd, **values})
