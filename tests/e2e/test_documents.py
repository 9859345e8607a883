"""What the documents tell people to type is run as it stands there, in the task it stands in."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.core.policy.access import Role
from tests.e2e.gate import PASSWORD, Gate

pytestmark = pytest.mark.timeout(400)

_ROOT = Path(__file__).parents[2]


@pytest.fixture
def gate(sample_site: Gate) -> Gate:
    return sample_site


def blocks(document: str, section: str) -> list[str]:
    """The shell blocks of a section and of what is below it."""
    text = (_ROOT / "docs" / document).read_text()
    found = re.search(rf"^(#+) {re.escape(section)}\n(.*?)(?=^\1 |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"{document} has no section {section}"
    return re.findall(r"^```sh\n(.*?)^```", found.group(2), re.MULTILINE | re.DOTALL)


def shell(script: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-euc", script], env={**env, "PATH": path}, capture_output=True, text=True, timeout=200, check=False
    )


def test_the_api_answers_as_its_page_says(gate: Gate, tmp_path: Path) -> None:
    script = "\n".join(blocks("api.md", "API by example"))
    env = {**gate.env, "SITE": gate.url, "USERNAME": str(Role.COMPLIANCE), "PASSWORD": PASSWORD}

    done = shell(f"cd {tmp_path}\n{script}", env)

    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
    assert '"coverage"' in done.stdout
    assert (tmp_path / "part.mp4").stat().st_size == 65536


def test_a_site_is_backed_up_while_it_runs_and_restored_whole(gate: Gate, tmp_path: Path) -> None:
    (back_up,) = blocks("operate.md", "Back up")
    (restore,) = blocks("operate.md", "Restore")
    places = {"BACKUP": str(tmp_path / "backup"), "KEYS": str(tmp_path / "keys")}

    done = shell(back_up, {**gate.env, **places})
    assert done.returncode == 0, done.stderr

    new_site = {**gate.env, **places, "REELGATE_DATA_DIR": str(tmp_path / "restored")}
    done = shell(restore, new_site)
    assert done.returncode == 0, done.stderr + done.stdout
    done = shell("reelgate search nobody --json; reelgate recordings list", new_site)
    assert "terminal-vnc" in done.stdout
