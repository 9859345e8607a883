"""`reelgate up` as a person starts it: ready, healthy, refusing what it must, gone without a trace."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.supervisor import tree
from gateway.supervisor.probes import free_port
from tests.parts.running import wait_until


class Up:
    def __init__(self, folder: Path, *options: str, settings: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.log = folder / "up.log"
        env = {name: value for name, value in os.environ.items() if not name.startswith("REELGATE_")}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gateway", "up", *options],
                env={**env, "REELGATE_DATA_DIR": str(folder), "REELGATE_WORKER_PROCESSES": "1", **(settings or {})},
                stdout=log,
                stderr=log,
            )

    def said(self, text: str) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return text in self.log.read_text()

    def children(self) -> list[int]:
        return [int(str(child["pid"])) for child in self._status()]

    def names(self) -> list[str]:
        return [str(child["name"]) for child in self._status()]

    def _status(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = json.loads((self.folder / "run" / "supervisor.json").read_text())["children"]
        return found


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    started = Up(tmp_path, "--port", str(free_port()))
    yield started
    if started.process.poll() is None:
        started.process.terminate()
        started.process.wait(60)


def test_it_gets_ready_is_healthy_and_leaves_nothing_running(up: Up) -> None:
    wait_until(lambda: up.said("Reelgate is ready at "), "ready", seconds=90)
    address = up.log.read_text().split("Reelgate is ready at ")[1].split()[0]
    with urllib.request.urlopen(f"{address}/health", timeout=10) as answer:
        health = json.load(answer)
    assert health == {"status": "ok", "checks": None, "children": None}
    assert up.names() == ["redis", "guacd", "beat", "sealer", "worker", "web"]
    said = up.log.read_text().split("Reelgate is ready")[0]
    assert "alembic" not in said
    assert "child." not in said
    children = up.children()
    up.process.terminate()
    assert up.process.wait(60) == 0
    assert tree.members(children) == []


def test_it_refuses_to_listen_beyond_loopback_without_tls(tmp_path: Path) -> None:
    refused = Up(tmp_path, "--host", "0.0.0.0")  # noqa: S104 - it is to refuse
    assert refused.process.wait(60) == 2
    assert refused.log.read_text().startswith("reelgate: listening on 0.0.0.0 needs TLS")
    assert len(refused.log.read_text().splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "No such file or directory"), (b"short", "must be 32 url-safe base64-encoded bytes")],
)
def test_a_credential_key_that_is_missing_or_none_is_reported_in_one_line(
    tmp_path: Path, content: bytes | None, problem: str
) -> None:
    key = tmp_path / "credential_key"
    if content is not None:
        key.write_bytes(content)
    refused = Up(tmp_path, "--port", "0", settings={"REELGATE_SECRET_KEY_FILE": str(key)})
    assert refused.process.wait(60) == 2
    said = [line for line in refused.log.read_text().splitlines() if line.startswith("reelgate: ")]
    assert len(said) == 1
    assert str(key) in said[0]
    assert problem in said[0]
    assert "Traceback" not in refused.log.read_text()
