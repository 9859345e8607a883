"""The demo desktops through a real guacd: reachable with their credential, alive at the keyboard, closed without it."""

import secrets
from contextlib import suppress
from pathlib import Path

import pytest

from tests.parts.desktops import RdpDesktop, RunningDesktop, VncDesktop
from tests.parts.guacamole_client import GuacamoleClient
from tests.parts.guacd import Guacd


@pytest.fixture(params=["vnc", "rdp"])
def desktop(request: pytest.FixtureRequest) -> RunningDesktop:
    part = request.getfixturevalue(f"{request.param}_desktop")
    assert isinstance(part, VncDesktop | RdpDesktop)
    return part


def connected(guacd: Guacd, desktop: RunningDesktop, **changed: str) -> GuacamoleClient:
    client = GuacamoleClient(guacd.host, guacd.port)
    return client.connect(desktop.target.protocol, {**desktop.connect_arguments(), **changed})


def test_what_is_typed_reaches_the_terminal(guacd: Guacd, desktop: RunningDesktop) -> None:
    word = f"typed-{secrets.token_hex(4)}"
    with connected(guacd, desktop) as client:
        client.wait_for(lambda instruction: instruction.opcode == "img")
        client.type_line(f"touch {word}; echo {word}")
        client.pump_until((desktop.target.display.folder / "home" / word).exists)


def test_the_screen_has_the_size_asked_for(desktop: RunningDesktop) -> None:
    look = desktop.target.display.look
    assert desktop.xdotool("getdisplaygeometry").split() == [str(look.width), str(look.height)]


def test_a_wrong_password_shows_no_terminal(guacd: Guacd, vnc_desktop: VncDesktop) -> None:
    with connected(guacd, vnc_desktop, password="wrong") as client, pytest.raises(ConnectionError):
        client.wait_for(lambda instruction: instruction.opcode == "img")


def test_a_closed_terminal_comes_back(guacd: Guacd, desktop: RunningDesktop) -> None:
    home = desktop.target.display.folder / "home"
    word = f"again-{secrets.token_hex(4)}"
    with connected(guacd, desktop) as client:
        client.wait_for(lambda instruction: instruction.opcode == "img")
        (home / ".started").unlink()
        client.type_line("exit")
        client.pump_until((home / ".started").exists)
        for _ in range(12):  # it runs before it has the keyboard
            client.type_line(f"touch {word}")
            with suppress(TimeoutError):
                client.pump_until((home / word).exists, seconds=5)
                break
        assert (home / word).exists()


def test_no_program_of_a_desktop_runs_as_root(desktop: RunningDesktop) -> None:
    for pid in desktop.pids():
        status = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        assert "0" not in status["Uid"].split("\t")


def test_secrets_of_a_desktop_stay_out_of_its_command_lines(desktop: RunningDesktop) -> None:
    for pid in desktop.pids():
        assert desktop.target.password.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_settings_and_secrets_of_the_gateway_stay_out_of_a_desktop(
    guacd: Guacd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELGATE_S3_SECRET_KEY", "hunter2")
    with VncDesktop(tmp_path) as desktop, connected(guacd, desktop) as client:
        home = desktop.target.display.folder / "home"
        client.wait_for(lambda instruction: instruction.opcode == "img")
        client.type_line("env > seen; touch done")
        client.pump_until((home / "done").exists)
        seen = (home / "seen").read_text()
    assert f"DISPLAY=:{desktop.target.display.number}" in seen
    assert "REELGATE" not in seen
    assert "hunter2" not in seen


def test_logs_lie_where_the_desktops_account_cannot_put_links(desktop: RunningDesktop) -> None:
    place = desktop.target.display.folder
    assert not [child.log for child in desktop.target.children if child.log and child.log.is_relative_to(place)]


def test_a_desktop_leaves_no_files_behind(tmp_path: Path) -> None:
    with VncDesktop(tmp_path) as desktop:
        place = desktop.target.display.folder
        assert place.is_dir()
    assert not place.exists()
