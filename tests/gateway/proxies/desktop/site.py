"""A gateway with only the tunnel on it, served by a real uvicorn, and an operator who talks to it."""

import base64
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import pytest
import uvicorn
from fastapi import APIRouter, FastAPI
from sqlmodel import col, select
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from gateway.core.desktop.guac import NEED_DATA, GuacParser, Instruction, encode
from gateway.core.desktop.operator_streams import is_operators
from gateway.core.policy.access import Role
from gateway.core.recording.layout import MANIFEST, SEGMENT_FOLDER
from gateway.core.recording.manifest import Manifest, parse_manifest
from gateway.db.columns import utc_now
from gateway.db.models import AccessSession, AuditEvent, Credential, Recording, SignIn, Stage, Target, User
from gateway.db.repositories import tickets
from gateway.identity.sign_in import token_hash
from gateway.keys.site import open_database
from gateway.proxies.desktop.endpoint import router
from gateway.requester import COOKIE
from gateway.sessions.live_state import LiveState
from gateway.sessions.registry import LiveSessions
from gateway.settings import Settings
from gateway.storage.encryption import decrypt
from gateway.storage.files import RecordingFiles
from gateway.storage.local import read_range
from gateway.targets.credentials import CredentialVault
from gateway.web_server import LimitedHttp, LimitedWebSocket
from tests.parts.database import upgrade
from tests.parts.desktops import RunningDesktop
from tests.parts.running import wait_until

LOOPBACK = "127.0.0.1"
_RESERVED: list[socket.socket] = []


@dataclass
class Site:
    """Settings, rows and a served socket. `jobs` are the jobs sent."""

    settings: Settings
    jobs: list[tuple[str, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        upgrade(self.settings.database)
        database = open_database(self.settings)
        self.state = LiveState(
            settings=self.settings,
            database=database,
            gateway_id="gateway-a",
            registry=LiveSessions(),
            files=RecordingFiles(self.settings, database),
            send_job=lambda *job: self.jobs.append(job),
        )
        app = FastAPI()
        app.state.gateway = self.state
        api = APIRouter(prefix="/api")
        api.include_router(router)
        app.include_router(api)
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                loop="gateway.web_server:Loop",
                http=LimitedHttp,
                ws=LimitedWebSocket,
                ws_per_message_deflate=False,
                lifespan="off",
                log_config=None,
            )
        )
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]})

    def __enter__(self) -> Self:
        self._thread.start()
        wait_until(lambda: self._server.started, "uvicorn is up")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.state.registry.disk_pool.shutdown()
        self.state.database.close()

    def stop(self) -> None:
        """Tell the server to stop, as a signal would, and wait until it has."""
        self._server.should_exit = True
        self._thread.join(40)
        assert not self._thread.is_alive(), "the server does not stop"

    # Rows

    def user(self, role: Role = Role.OPERATOR, name: str = "ann") -> tuple[User, str]:
        """A user who has signed in: the row and the cookie's value."""
        user = User(username=name, display_name=name.title(), role=role, password_hash="-")
        cookie = f"cookie-of-{name}"
        with self.state.database.write() as session:
            session.add(user)
            session.flush()
            session.add(
                SignIn(
                    token_hash=token_hash(cookie),
                    user_id=user.id,
                    address=LOOPBACK,
                    expires_at=utc_now() + timedelta(hours=1),
                )
            )
        return user, cookie

    def target(
        self,
        desktop: RunningDesktop,
        *,
        name: str = "desk",
        record_keys: bool = True,
        parameters: Mapping[str, str] | None = None,
    ) -> Target:
        """The desktop as a target, with its credential."""
        made = desktop.target
        target = Target(
            name=name,
            protocol=made.protocol,
            host=made.host,
            port=made.port,
            parameters={**made.parameters, **(parameters or {})},
            record_keys=record_keys,
        )
        return self.add_target(target, made.username, made.password)

    def add_target(self, target: Target, username: str = "", secret: str = "") -> Target:
        """A target as given."""
        with self.state.database.write() as session:
            session.add(target)
            session.flush()
            if username or secret:
                stored = CredentialVault.open(self.settings).encrypt(secret)
                session.add(Credential(target_id=target.id, username=username, encrypted_secret=stored))
        return target

    def ticket(self, user: User, target: Target, *, address: str = LOOPBACK, life_seconds: float = 30) -> str:
        """A ticket, as the API issues it."""
        with self.state.database.write() as session:
            return tickets.issue(
                session, user_id=user.id, target_id=target.id, address=address, life_seconds=life_seconds
            )[0]

    # What is there

    def sessions(self) -> list[AccessSession]:
        """All sessions, in the order they were opened."""
        with self.state.database.read() as session:
            return list(session.exec(select(AccessSession).order_by(col(AccessSession.opened_at))))

    def recording_of(self, session_id: str) -> Recording:
        """A session's recording."""
        with self.state.database.read() as session:
            return session.exec(select(Recording).where(Recording.session_id == session_id)).one()

    def stages(self, recording_id: str) -> list[Stage]:
        """A recording's stages."""
        with self.state.database.read() as session:
            return list(session.exec(select(Stage).where(Stage.recording_id == recording_id)))

    def audit(self) -> list[tuple[str, dict[str, Any]]]:
        """Tags and details of the trail."""
        with self.state.database.read() as session:
            return [
                (event.tag, event.details) for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.id)))
            ]

    def folder(self, recording: Recording) -> Path:
        """A recording's folder."""
        return self.settings.data_dir / recording.folder

    def stream(self, recording: Recording) -> bytes:
        """A recording's segments, joined."""
        with self.state.database.read() as session:
            key = self.state.keys.data.of(session, recording.id)
        assert key is not None
        paths = sorted((self.folder(recording) / SEGMENT_FOLDER).iterdir())
        return b"".join(
            b"".join(decrypt(read_range(path), key, f"{SEGMENT_FOLDER}/{path.name}", torn=True)) for path in paths
        )

    def manifest(self, recording: Recording) -> Manifest:
        """A recording's manifest."""
        return parse_manifest((self.folder(recording) / MANIFEST).read_bytes())

    def closed_session(self) -> AccessSession:
        """The only session, once it is closed."""
        wait_until(lambda: [row.state for row in self.sessions()] == ["closed"], "the session is closed")
        return self.sessions()[0]


class Operator:
    """One tunnel. Answers syncs while it waits, as a browser does."""

    def __init__(
        self,
        port: int,
        cookie: str,
        ticket: str,
        *,
        origin: str | None = None,
        subprotocol: str = "guacamole",
        **query: Any,
    ) -> None:
        asked = urlencode({"ticket": ticket, "width": 1024, "height": 768, "dpi": 96, **query})
        self._url = f"ws://{LOOPBACK}:{port}/api/tunnel?{asked}"
        self._subprotocol = Subprotocol(subprotocol)
        self.origin = Origin(origin or f"http://{LOOPBACK}:{port}")
        self.headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
        self.messages: list[str] = []
        self.received: list[Instruction] = []
        self.on_message: Callable[[str], None] = lambda _message: None

    def send(self, opcode: str, *args: str | int) -> None:
        """Send one instruction."""
        self.socket.send(encode(opcode, *args).decode())

    def paste(self, text: str, stream: int = 0) -> None:
        """Put text on the target's clipboard, as a browser does."""
        self.send("clipboard", stream, "text/plain")
        for at in range(0, len(data := text.encode()), 6048):
            self.send("blob", stream, base64.b64encode(data[at : at + 6048]).decode())
        self.send("end", stream)

    def type_line(self, text: str) -> None:
        """Type Latin-1 text and Return."""
        for keysym in (*text.encode("latin-1"), 0xFF0D):
            self.send("key", keysym, 1)
            self.send("key", keysym, 0)

    def wait_for(self, opcode: str, *, count: int = 1, seconds: float = 20) -> Instruction:
        """The next `count`-th instruction of that opcode."""
        found: list[Instruction] = []
        self.pump_until(
            lambda: len(found) >= count, lambda item: found.append(item) if item.opcode == opcode else None, seconds
        )
        return found[-1]

    def pump_until(
        self,
        condition: Callable[[], bool],
        each: Callable[[Instruction], None] = lambda _item: None,
        seconds: float = 20,
    ) -> None:
        """Read until the condition holds."""

        def step() -> bool:
            if not condition():
                for item in self._read():
                    each(item)
            return condition()

        wait_until(step, "what the operator waits for", seconds=seconds)

    def _read(self) -> list[Instruction]:
        try:
            message = self.socket.recv(timeout=0.1)
        except TimeoutError:
            with suppress(ConnectionClosed):  # what came before is still to be read
                self.send("nop")
            return []
        assert isinstance(message, str)
        self.on_message(message)
        self.messages.append(message)
        items = instructions(message.encode())
        self.received += items
        for item in items:
            if item.opcode == "sync":
                with suppress(ConnectionClosed):
                    self.send("sync", item.args[0])
        return items

    def wait_closed(self) -> tuple[int, str]:
        """Read until the tunnel is closed; its close code and reason."""
        with pytest.raises(ConnectionClosed) as closed:
            self.pump_until(lambda: False, seconds=40)
        frame = closed.value.rcvd
        assert frame is not None, "closed without a close frame"
        return frame.code, frame.reason

    @property
    def shown(self) -> bytes:
        """All that came through the tunnel but the tunnel's own instructions."""
        return "".join(message for message in self.messages if not message.startswith("0.")).encode()

    def __enter__(self) -> Self:
        opening = connect(
            self._url,
            subprotocols=[self._subprotocol],
            origin=self.origin,
            additional_headers=self.headers,
            compression=None,
            close_timeout=2,
            max_size=None,
        )
        self.socket: ClientConnection = opening.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()


def instructions(data: bytes) -> list[Instruction]:
    """All instructions of a stream that must be whole."""
    parser = GuacParser()
    parser.feed(data)
    found: list[Instruction] = []
    while (item := parser.next_instruction()) is not NEED_DATA:
        found.append(item)
    assert not parser.pending_bytes, "the stream is torn"
    return found


def without_acts(stream: bytes) -> bytes:
    """A recorded stream without what the operator did."""
    return b"".join(stream[item.start : item.end] for item in instructions(stream) if not _is_operators(item))


def _is_operators(item: Instruction) -> bool:
    if item.opcode in {"clipboard", "file", "put", "blob", "end"}:
        return is_operators(item.args[item.opcode == "put"])
    return item.opcode in {"mouse", "key", "touch"}


def dead_port() -> int:
    """A loopback port where nobody listens, kept for this process so that nobody begins to."""
    reserved = socket.socket()
    reserved.bind((LOOPBACK, 0))
    _RESERVED.append(reserved)
    port: int = reserved.getsockname()[1]
    return port
