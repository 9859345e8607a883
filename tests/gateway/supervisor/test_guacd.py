"""guacd as the supervisor runs it: never as root, without the data folder, reached by its starter's account alone."""

import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.guacd_address import open_socket
from gateway.supervisor import guacd, tree
from tests.parts.running import Running

_SELECT = b"6.select,3.vnc;"
# guacd's own port, which it would listen on if it were not answered otherwise.
_PORT = 4822
_NOBODY = "65534"
# Says what it is and what it can read, over what it believes is TCP.
_STAND_IN = """#!/usr/bin/python3
import os, socket, sys
server = socket.socket()
server.bind((sys.argv[sys.argv.index("-b") + 1], int(sys.argv[sys.argv.index("-l") + 1])))
server.listen(5)
while True:
    connection, _ = server.accept()
    question = connection.recv(1000)
    if question:  # else one that only asked whether it listens
        try:
            read = open(question).read()
        except OSError as error:
            read = type(error).__name__
        connection.sendall(f"{os.geteuid()} {os.getgroups()} {read}".encode())
    connection.close()
"""


@pytest.fixture
def folder(parts_folder: Path) -> Iterator[Path]:
    made = parts_folder / "supervised-guacd"
    made.mkdir(mode=0o700)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def real(folder: Path) -> Iterator[Running]:
    with Running(guacd.guacd(folder / "guacd.sock"), log=folder / "guacd.log") as part:
        yield part


@pytest.fixture
def on_path(folder: Path, parts_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    programs = parts_folder / "programs"
    programs.mkdir(exist_ok=True)
    programs.chmod(0o755)
    (programs / "guacd").write_text(_STAND_IN)
    (programs / "guacd").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    with Running(guacd.guacd(folder / "guacd.sock"), log=folder / "guacd.log") as part:
        yield part


def ask(folder: Path, question: bytes) -> bytes:
    with open_socket(folder / "guacd.sock", 10) as connection:
        connection.sendall(question)
        return connection.recv(1000)


def owners(part: Running) -> set[tuple[str, str]]:
    """Name and real uid of the processes, the launcher left out."""
    found = set()
    for pid in tree.members([part.pid]):
        lines = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        if pid != part.pid:
            found.add((lines["Name"], lines["Uid"].split("\t")[0]))
    return found


def test_the_starter_reaches_it(real: Running, folder: Path) -> None:
    assert ask(folder, _SELECT).startswith(b"4.args,13.VERSION_"), real


def test_it_is_not_root(real: Running) -> None:
    expected = "65533" if os.geteuid() == 0 else str(os.geteuid())
    assert owners(real) == {("guacd", expected)}


def test_nobody_else_reaches_it(real: Running, folder: Path) -> None:
    """No port is open, and the socket is in the way of no one but its owner, also in a folder that others may enter."""
    listening = {line.split()[1].split(":")[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]}
    assert f"{_PORT:04X}" not in listening, real
    assert stat.S_IMODE((folder / "guacd.sock").stat().st_mode) == 0o600
    folder.chmod(0o755)
    if os.geteuid() == 0:
        stranger = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
        tried = subprocess.run(
            [
                *("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"),
                *("/usr/bin/python3", "-c", stranger, str(folder / "guacd.sock")),
            ],
            check=False,
            capture_output=True,
            text=True,
        )
        assert "PermissionError" in tried.stderr


def test_many_connect_at_once(real: Running, folder: Path) -> None:
    """guacd asks for a queue of five; a unix socket refuses at once what finds no place in it."""
    assert real.pid
    connections = [open_socket(folder / "guacd.sock", 10) for _ in range(60)]
    for connection in connections:
        connection.close()


def test_one_on_path_is_not_root_either_and_has_no_supplementary_groups(on_path: Running, folder: Path) -> None:
    uid, rest = ask(folder, b"/etc/hostname").split(b" ", 1)
    expected = 65533 if os.geteuid() == 0 else os.geteuid()
    assert int(uid) == expected, on_path
    assert os.geteuid() != 0 or rest.startswith(b"[] ")


@pytest.mark.parametrize("place", ["data", "temporary"])
def test_it_cannot_read_what_it_has_no_use_for(on_path: Running, folder: Path, parts_folder: Path, place: str) -> None:
    """Where it runs as the starter's account, file modes alone would let it."""
    secret = (folder if place == "data" else parts_folder) / "secret"
    secret.write_text("hunter2")
    secret.chmod(0o644)
    folder.chmod(0o755)
    assert ask(folder, str(secret).encode()).endswith(b"PermissionError"), on_path


def test_it_starts_again_where_a_socket_was_left(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(folder / "guacd.sock"))
    with Running(guacd.guacd(folder / "guacd.sock"), log=folder / "guacd.log"):
        assert ask(folder, _SELECT).startswith(b"4.args")


def test_a_program_that_cannot_be_started_says_so(folder: Path) -> None:
    launched = subprocess.run(
        [
            *(sys.executable, "-m", "gateway.supervisor.guacd_launcher"),
            *("/", "/usr/bin", str(folder / "guacd.sock"), "/usr/bin/no-such-guacd"),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert launched.returncode == 126
    assert "cannot start /usr/bin/no-such-guacd" in launched.stderr
