"""What sets a machine up: the scripts behind `make setup`, where nothing is to be fetched or where it cannot be."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from gateway.supervisor.guacd import private_root

ROOT = Path(__file__).parents[2]
# Names of files that are fetched from nowhere: locks, scripts, and what says how to get something.
LOCKS = ("requirements.lock", "requirements-run.lock", ".ci/node.lock")
WITHOUT_ADDRESSES = (*LOCKS, "web/package-lock.json", "web/.npmrc")
SCRIPTS = (".ci/run", ".ci/packages", ".ci/node", ".ci/secrets", ".ci/fresh", ".ci/try-demo", "guacd/install")


def run(command: list[str], **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder to put first on PATH, with an apt-get and an apt-cache that have nothing to offer."""
    folder = tmp_path / "bin"
    folder.mkdir()
    put(folder, "apt-get", "exit 100")
    put(folder, "apt-cache", "exit 0")
    return folder


def put(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def first_on_path(folder: Path) -> str:
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_are_sound_and_executable(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)
    assert run(["bash", "-n", name]).returncode == 0


@pytest.mark.parametrize("name", WITHOUT_ADDRESSES)
def test_locks_carry_no_addresses(name: str) -> None:
    # npm names funding pages of authors in other fields; "resolved" is where a download would come from.
    lines = [line for line in (ROOT / name).read_text().splitlines() if "://" in line]
    assert not [line for line in lines if name.endswith(".lock") or "resolved" in line]


@pytest.mark.parametrize("name", [*SCRIPTS, "Makefile", "Dockerfile", "docker-compose.yml"])
def test_no_mirror_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not [host for host in re.findall(r"https?://([\w-]+\.[\w.-]+)", text) if host != "127.0.0.1"]


def test_every_lock_line_has_a_hash() -> None:
    for name in LOCKS:
        pinned = re.findall(
            r"^[\w.\[\]-]+==\S+.*\\\n {4}--hash=sha256:[0-9a-f]{64}", (ROOT / name).read_text(), re.MULTILINE
        )
        assert len(pinned) == len(re.findall(r"^[\w.\[\]-]+==", (ROOT / name).read_text(), re.MULTILINE)) > 0


def test_the_second_lock_pins_what_the_first_does() -> None:
    pins = [
        set(re.findall(r"^[\w.\[\]-]+==\S+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-run.lock")
    ]
    assert pins[1] < pins[0]


def test_packages_that_are_there_are_left_alone(programs: Path) -> None:
    assert run([".ci/packages", "bash", "coreutils"], PATH=first_on_path(programs)).returncode == 0


def test_a_missing_package_is_named_when_it_cannot_be_installed(programs: Path) -> None:
    put(programs, "apt-get", "echo no network; exit 100")
    policy = Path("/usr/sbin/policy-rc.d")
    before = policy.exists()
    done = run([".ci/packages", "no-such-package"], PATH=first_on_path(programs))
    assert done.returncode != 0
    assert "no-such-package" in done.stderr
    assert "no network" in done.stderr or "need root" in done.stderr
    assert policy.exists() is before


@pytest.mark.parametrize(
    ("version", "accepted"), [("v20.19.0", True), ("v22.4.1", True), ("v20.9.0", False), ("v18.20.4", False)]
)
def test_node_is_taken_when_it_is_new_enough_and_else_installed(
    programs: Path, tmp_path: Path, version: str, accepted: bool
) -> None:
    private = tmp_path / "node"
    put(programs, "node", f"echo {version}")
    put(programs, "npm", "exit 0")
    # Stands for a Python whose venv has a pip that reaches no index.
    put(
        programs,
        "python-offline",
        'mkdir -p "$3/bin"; printf "#!/bin/sh\nexit 1\n" > "$3/bin/pip"; chmod 755 "$3/bin/pip"',
    )
    done = run([".ci/node"], PATH=first_on_path(programs), REELGATE_NODE_DIR=str(private), PYTHON="python-offline")
    assert (done.returncode == 0) is accepted
    assert accepted or f"this machine has {version}" in done.stderr
    assert accepted or "Install it (nodejs.org)" in done.stderr
    assert not private.exists()


def test_a_guacd_on_path_is_enough(programs: Path, tmp_path: Path) -> None:
    put(programs, "guacd", "exit 0")
    done = run(["guacd/install"], PATH=first_on_path(programs), REELGATE_GUACD_ROOT=str(tmp_path / "root"))
    assert done.returncode == 0
    assert "on PATH" in done.stderr
    assert not (tmp_path / "root").exists()


def test_without_any_guacd_the_installer_says_what_to_do_and_leaves_nothing(programs: Path, tmp_path: Path) -> None:
    root = tmp_path / "cache" / "guacd"
    done = run(["guacd/install"], PATH=first_on_path(programs), REELGATE_GUACD_ROOT=str(root))
    assert done.returncode == 1
    assert "Do one of these" in done.stderr
    assert list(root.parent.iterdir()) == []


def test_installer_and_supervisor_agree_where_the_private_root_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REELGATE_GUACD_ROOT", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    script = (ROOT / "guacd/install").read_text()
    assert "root=${REELGATE_GUACD_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/reelgate/guacd}" in script
    assert private_root() == tmp_path / "reelgate" / "guacd"


def test_make_help_names_every_target_people_use() -> None:
    said = run(["make", "help"]).stdout
    for target in ("setup", "run", "demo", "check", "test", "bench", "bench-%", "lock"):
        assert f"make {target} " in said
