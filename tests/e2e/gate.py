"""The whole product as a person starts it: `reelgate up` in a folder of its own, and what tests ask of it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2 as httpx

from gateway.commands.accounts import add_account
from gateway.core.policy.access import Role
from gateway.demo.desktops import Desktop
from gateway.settings import Settings
from tests.parts.running import warden

PASSWORD = "a password for tests"
DATA = Path(__file__).parents[1] / "data"
SAMPLES = ("terminal-vnc", "console-rdp")
Value = TypeVar("Value")


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(what: str, look: Callable[[], Value | None], seconds: float) -> Value:
    """Ask again and again until the answer is true; AssertionError when time runs out."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s for {what}")


class Gate:
    """A running Reelgate with one user a role. `folder` is its data folder; `extra` are more settings."""

    def __init__(self, folder: Path, extra: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("REELGATE_")},
            "REELGATE_DATA_DIR": str(folder),
            "REELGATE_PORT": str(self.port),
            "REELGATE_WORKER_PROCESSES": "1",
            "REELGATE_ALLOWED_TARGETS": "127.0.0.0/8",  # where the desktops of tests are
            **(extra or {}),
        }
        self.log = folder / "up.log"
        self._cookies: dict[Role, dict[str, str]] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def add_users(self) -> None:
        """One user a role, named as the role."""
        self.folder.mkdir(parents=True, exist_ok=True)
        names = {
            name.removeprefix("REELGATE_").lower(): value for name, value in self.env.items() if "REELGATE_" in name
        }
        settings = Settings(_env_file=None, **names)  # type: ignore[arg-type]
        for role in Role:
            add_account(settings, str(role), role, f"An {role}", PASSWORD)

    def start(self) -> Self:
        """Start it and wait until sessions can be opened."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gateway", "up"], env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        warden().add(self._process.pid)
        wait_for("the gateway to be healthy", self.healthy, 90)
        return self

    def healthy(self) -> bool:
        """Whether /health says ok."""
        assert self._process is not None
        assert self._process.poll() is None, self.log.read_text()[-3000:]
        with contextlib.suppress(httpx.TransportError):
            return bool(httpx.get(f"{self.url}/health", timeout=5).json()["status"] == "ok")
        return False

    def children(self) -> dict[str, int]:
        """Process ids of what the supervisor runs, by name."""
        state = json.loads((self.folder / "run" / "supervisor.json").read_text())
        return {child["name"]: child["pid"] for child in state["children"]}

    def kill(self, name: str) -> None:
        """kill -9 of one child."""
        os.kill(self.children()[name], signal.SIGKILL)

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """End it as Ctrl-C or kill does; returns the exit status."""
        assert self._process is not None
        self._process.send_signal(with_signal)
        status = self._process.wait(60)
        warden().remove(self._process.pid)
        return status

    @contextlib.contextmanager
    def client(self, role: Role) -> Iterator[httpx.Client]:
        """A signed-in client. Each role signs in once: checking a password takes a good part of a second of the machine."""
        with httpx.Client(base_url=self.url, timeout=30, cookies=self._cookies.get(role)) as client:
            if role not in self._cookies:
                answer = client.post("/api/auth/sign-in", json={"username": str(role), "password": PASSWORD})
                answer.raise_for_status()
                self._cookies[role] = dict(client.cookies)
            yield client

    def add_target(self, name: str, desktop: Desktop) -> str:
        """Enter a desktop as a target; returns its id."""
        body: dict[str, Any] = {
            "name": name,
            "protocol": desktop.protocol,
            "host": desktop.host,
            "port": desktop.port,
            "parameters": dict(desktop.parameters),
            "credential": {"username": desktop.username or "", "secret": desktop.password or ""},
        }
        with self.client(Role.ADMIN) as admin:
            answer = admin.post("/api/targets", json=body)
            assert answer.status_code == 201, answer.text
            identifier: str = answer.json()["id"]
            return identifier

    def import_sample(self, name: str) -> None:
        """Import a recording of tests/data as the target of its name."""
        command = [sys.executable, "-m", "gateway", "import", str(DATA / f"{name}.guac")]
        subprocess.run([*command, "--target", name, "--operator", "Olga"], env=self.env, check=True, timeout=120)

    def recordings(self) -> list[dict[str, Any]]:
        """All recordings as the API lists them."""
        with self.client(Role.AUDITOR) as auditor:
            items: list[dict[str, Any]] = auditor.get("/api/recordings").json()["items"]
            return items

    def finished(self, target_name: str, seconds: float = 120) -> dict[str, Any]:
        """The recording of that target once all its stages are done."""

        def look() -> dict[str, Any] | None:
            for row in self.recordings():
                failed = [stage for stage in row["stages"] if stage["state"] == "failed"]
                assert not failed, failed
                done = row["stages"] and all(stage["state"] == "done" for stage in row["stages"])
                if row["target_name"] == target_name and done:
                    return row
            return None

        return wait_for(f"the recording of {target_name}", look, seconds)

    def __enter__(self) -> Self:
        self.add_users()
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            # Not gently, which takes seconds: nothing outlives the supervisor (tests/faults/test_kills.py).
            self._process.kill()
            self._process.wait(60)
            warden().remove(self._process.pid)
