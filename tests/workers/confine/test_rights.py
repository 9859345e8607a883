"""A confined process can read its input and write its scratch folder. Everything else is refused, each by a real attempt."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from workers.confine import EscapeError, Limits, parent, run_confined

MODULE = "tests.workers.confine.hostile"
OWN_ACCOUNT = 65532


@pytest.fixture(autouse=True)
def _code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """As in use: below folders that are closed to other accounts."""
    closed = tmp_path / "data"
    closed.mkdir(mode=0o700)
    scratch = closed / "scratch"
    scratch.mkdir(mode=0o700)
    (scratch / "input").write_bytes(b"evidence")
    return scratch


@pytest.fixture(params=["the starter's account", "an account of its own"])
def account(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """The uid expected. An account of its own needs to be root, and a Python that others can read."""
    own = request.param == "an account of its own"
    monkeypatch.setattr(parent, "_is_open_to_others", lambda: own)
    if own:
        monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    return OWN_ACCOUNT if own and os.geteuid() == 0 else os.geteuid()


def attempt(scratch: Path, what: str, *arguments: Any) -> tuple[str, int]:
    request = {"attempt": what, "arguments": [str(item) if isinstance(item, Path) else item for item in arguments]}
    answer = run_confined(MODULE, request, lambda _share: None, Limits(), scratch)
    return answer["outcome"], answer["uid"]


def test_it_can_do_what_decoders_do(scratch: Path, account: int) -> None:
    answer = run_confined(MODULE, {"needed": True}, lambda _share: None, Limits(), scratch)
    assert answer["left"] == ["folder", "output", "thread"]
    assert answer["uid"] == account
    assert answer["groups"] == [] or account == os.geteuid()
    assert (scratch / "output").read_bytes() == b"evidence"
    assert {path.stat().st_uid for path in (scratch, *scratch.rglob("*"))} == {os.geteuid()}


@pytest.mark.parametrize("what", ["read", "read by a program", "write", "remove", "link"])
@pytest.mark.parametrize("name", ["keys/signing/1.key", "reelgate.db", "recordings/r/000001.guac"])
def test_no_file_of_the_installation_is_in_reach(scratch: Path, account: int, name: str, what: str) -> None:
    file = scratch.parent / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"secret")
    for folder in (file, *file.parents[: name.count("/") + 1]):
        folder.chmod(0o777)  # what file modes allow does not help it
    outcome, uid = attempt(scratch, what, file)
    assert outcome.startswith("refused"), outcome
    assert uid == account
    assert file.read_bytes() == b"secret"


@pytest.mark.parametrize("path", ["/etc/shadow", "/etc/passwd", "/proc/1/environ", "/proc/version"])
def test_no_file_of_the_machine_but_code_is_in_reach(scratch: Path, account: int, path: str) -> None:
    outcome, uid = attempt(scratch, "read", path)
    assert outcome.startswith("refused"), outcome
    assert uid == account


def test_the_workers_environment_with_its_secrets_is_not_in_reach(scratch: Path, account: int) -> None:
    outcome, _ = attempt(scratch, "read", f"/proc/{os.getpid()}/environ")
    assert outcome.startswith("refused"), (outcome, account)


@pytest.mark.parametrize("what", ["write", "list"])
@pytest.mark.parametrize("folder", ["/tmp", "/var/tmp", "/dev/shm"])
def test_no_folder_that_is_open_to_all_is_open_to_it(scratch: Path, what: str, folder: str, account: int) -> None:
    target = Path(folder) / f"reelgate-escaped-{os.getpid()}" if what == "write" else Path(folder)
    outcome, _ = attempt(scratch, what, target)
    assert outcome.startswith("refused"), (outcome, account)
    assert what == "list" or not target.exists()


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_there_is_no_network(scratch: Path, account: int, listener: int) -> None:
    for what, arguments in (("connect", [listener]), ("unix socket", []), ("netlink socket", [])):
        outcome, _ = attempt(scratch, what, *arguments)
        assert outcome.startswith("refused"), (what, outcome, account)


@pytest.mark.parametrize("what", ["kill", "signal", "signal by thread", "ptrace"])
def test_other_processes_are_out_of_reach(scratch: Path, account: int, what: str) -> None:
    outcome, _ = attempt(scratch, what, os.getpid())
    assert outcome.startswith("refused"), (outcome, account)


@pytest.mark.parametrize("what", ["unshare", "leave the group", "chroot", "become root", "run what was written"])
def test_it_gains_nothing(scratch: Path, account: int, what: str) -> None:
    outcome, _ = attempt(scratch, what)
    assert outcome.startswith("refused"), (outcome, account)


def test_it_makes_no_links_for_the_worker_to_follow(scratch: Path, account: int) -> None:
    outcome, _ = attempt(scratch, "symlink", "/etc/shadow")
    assert outcome.startswith("refused"), (outcome, account)


@pytest.mark.parametrize(
    "leave",
    [
        lambda path: path.symlink_to("/etc/hostname"),
        os.mkfifo,
        lambda path: os.link(path.with_name("input"), path),
    ],
    ids=["symlink", "pipe", "link"],
)
def test_what_is_no_plain_file_is_not_used_where_the_kernel_did_not_prevent_it(
    scratch: Path, leave: Callable[[Path], None]
) -> None:
    leave(scratch / "video.mp4")
    with pytest.raises(EscapeError, match="not a plain file"):
        run_confined(MODULE, {"attempt": "read", "arguments": ["input"]}, lambda _share: None, Limits(), scratch)
