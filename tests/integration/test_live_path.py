"""The live path through the whole application, in a process of its own: signed in, killed, restarted, stopped."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx2 as httpx
import pytest
from sqlmodel import select

from gateway.commands.accounts import add_account
from gateway.core.desktop.guac import NEED_DATA, GuacParser
from gateway.core.policy.access import Role
from gateway.core.recording.kinds import DESKTOP
from gateway.core.recording.layout import MANIFEST, SEGMENT_FOLDER
from gateway.core.recording.manifest import parse_manifest
from gateway.db.database import Database
from gateway.db.models import AccessSession, Recording, Stage
from gateway.keyring import Keyring
from gateway.settings import Settings
from gateway.storage.encryption import decrypt
from gateway.storage.local import read_range
from gateway.supervisor.probes import free_port
from tests.gateway.proxies.desktop.site import LOOPBACK, Operator, without_acts
from tests.parts.database import upgrade
from tests.parts.desktops import VncDesktop
from tests.parts.guacd import Guacd
from tests.parts.running import wait_until

PASSWORD = "a password for tests"


class Application:
    """`gateway.app` under uvicorn, as the supervisor runs it. Port and data stay the same over a kill."""

    def __init__(self, folder: Path, guacd: Guacd, port: int, gateway_id: str = "") -> None:
        self.port = port
        self.settings = Settings(data_dir=folder, guacd=guacd.address, free_space_floor_bytes=0)
        self._log = folder / f"web{gateway_id}.log"
        self._env = {
            **os.environ,
            "REELGATE_DATA_DIR": str(folder),
            "REELGATE_GUACD": guacd.address,
            "REELGATE_FREE_SPACE_FLOOR_BYTES": "0",
            "REELGATE_GATEWAY_ID": gateway_id,
        }

    def prepare(self) -> Self:
        """Make the database and the users."""
        upgrade(self.settings.database)
        for role in (Role.OPERATOR, Role.AUDITOR, Role.ADMIN):
            add_account(self.settings, str(role), role, f"An {role}", PASSWORD)
        return self

    def start(self) -> Self:
        """Start it and wait until it answers."""
        options = ("--loop", "uvloop", "--ws", "websockets-sansio", "--host", LOOPBACK, "--port", str(self.port))
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "uvicorn", "gateway.app:serve", "--factory", *options],
                env=self._env,
                stdout=log,
                stderr=log,
            )
        wait_until(self._answers, "the application answers")
        return self

    def _answers(self) -> bool:
        assert self._process.poll() is None, self._log.read_text()
        try:
            httpx.get(f"http://{LOOPBACK}:{self.port}/health")
        except httpx.TransportError:
            return False
        return True

    def end(self, number: signal.Signals) -> None:
        """Send a signal and wait until the process is gone."""
        self._process.send_signal(number)
        self._process.wait(40)

    @contextmanager
    def client(self, role: Role) -> Iterator[httpx.Client]:
        """Somebody of this role, signed in."""
        with httpx.Client(base_url=f"http://{LOOPBACK}:{self.port}", timeout=30) as client:
            client.post("/api/auth/sign-in", json={"username": str(role), "password": PASSWORD}).raise_for_status()
            yield client

    def tunnel(self, desktop: VncDesktop, name: str = "desk") -> Operator:
        """An operator's tunnel to the desktop, a target of that name, with a ticket from the API."""
        made = desktop.target
        body = {
            "name": name,
            "protocol": made.protocol,
            "host": made.host,
            "port": made.port,
            "parameters": dict(made.parameters),
            "record_keys": True,
            "credential": {"username": made.username, "secret": made.password},
        }
        with self.client(Role.ADMIN) as admin:
            target_id = admin.post("/api/targets", json=body).raise_for_status().json()["id"]
        with self.client(Role.OPERATOR) as operator:
            ticket = operator.post(f"/api/targets/{target_id}/tickets").raise_for_status().json()["ticket"]
            cookie = operator.cookies["reelgate_sign_in"]
        return Operator(self.port, cookie, ticket)

    def the_session(self) -> tuple[AccessSession, Recording, list[Stage]]:
        """The only session, its recording and stages."""
        database = Database(self.settings.database)
        with database.read() as session:
            found = (
                session.exec(select(AccessSession)).one(),
                session.exec(select(Recording)).one(),
                list(session.exec(select(Stage))),
            )
        database.close()
        return found

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self.end(signal.SIGKILL)


@pytest.fixture
def application(tmp_path: Path, guacd: Guacd) -> Iterator[Application]:
    with Application(tmp_path, guacd, free_port()).prepare() as running:
        yield running


def test_a_killed_gateway_loses_nothing_it_has_shown(application: Application, vnc_desktop: VncDesktop) -> None:
    with application.tunnel(vnc_desktop) as tunnel:
        tunnel.wait_for("sync")
        tunnel.type_line("seq 200")
        tunnel.wait_for("sync", count=5)
        application.end(signal.SIGKILL)
        row, recording, stages = application.the_session()
        assert (row.state, stages) == ("active", [])
        application.start()
        row, recording, stages = application.the_session()
    folder = application.settings.data_dir / recording.folder
    segments = sorted((folder / SEGMENT_FOLDER).iterdir())
    with closing(Database(application.settings.database)) as database, database.read() as session:
        key = Keyring(application.settings).data.of(session, recording.id)
    assert key is not None
    names = [f"{SEGMENT_FOLDER}/{path.name}" for path in segments]
    contents = [decrypt(read_range(folder / name), key, name, torn=True) for name in names]
    stream = b"".join(piece for pieces in contents for piece in pieces)
    whole = stream[: _end_of_last_instruction(stream)]
    assert whole == stream, "what is written in one piece is torn"
    assert tunnel.shown in without_acts(whole)
    assert (row.state, row.close_reason) == ("closed", "gateway_lost")
    assert row.closed_at is not None
    assert abs(row.closed_at.timestamp() - segments[-1].stat().st_mtime) < 0.001
    assert len(stages) == len(DESKTOP.stages)
    manifest = parse_manifest((folder / MANIFEST).read_bytes())
    assert (manifest.ended, manifest.closed, sorted(manifest.opened)) == (None, {}, [0])


def test_a_stopped_gateway_closes_its_sessions_first(application: Application, vnc_desktop: VncDesktop) -> None:
    with application.tunnel(vnc_desktop) as tunnel:
        tunnel.wait_for("sync")
        application.end(signal.SIGTERM)
        row, recording, stages = application.the_session()
    assert (row.state, row.close_reason, len(stages)) == ("closed", "gateway_stopped", len(DESKTOP.stages))
    ended = parse_manifest((application.settings.data_dir / recording.folder / MANIFEST).read_bytes()).ended
    assert ended is not None
    assert ended.reason == "gateway_stopped"


def _end_of_last_instruction(stream: bytes) -> int:
    parser = GuacParser()
    parser.feed(stream)
    while parser.next_instruction() is not NEED_DATA:
        pass
    return parser.offset
