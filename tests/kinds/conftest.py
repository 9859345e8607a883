"""A site with the kind of the tests in its table, and a recorded session of it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from gateway.app import create_app
from gateway.core.policy.access import Role
from gateway.core.policy.retention import DEFAULT_POLICY
from gateway.core.recording.kinds import KINDS
from gateway.db.columns import new_id, utc_now
from gateway.db.models import Recording, RetentionPolicy, SignIn, Target, User
from gateway.db.repositories import recordings, tickets
from gateway.db.repositories.users import SignedIn
from gateway.settings import Settings
from tests.gateway.api.conftest import PASSWORD, fill
from tests.kinds.notes.kind import NOTES
from tests.kinds.notes.proxy import dictate
from tests.kinds.notes.stream import Note
from workers import stages
from workers.running.work import WorkerContext

ADDRESS = "192.0.2.7"


@dataclass(frozen=True)
class Site:
    """A gateway and a worker on the same data."""

    app: FastAPI
    context: WorkerContext

    def client(self, role: Role) -> TestClient:
        """Signed in as somebody of this role."""
        client = TestClient(self.app, base_url="http://gate.test")
        answer = client.post("/api/auth/sign-in", json={"username": str(role), "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return client

    def record(self, *notes: Note, torn: bytes = b"") -> str:
        """A session from its ticket to its end, which may be in mid-note; its recording's id."""
        with self.context.database.write() as session:
            user = session.exec(select(User).where(User.username == str(Role.OPERATOR))).one()
            sign_in = SignIn(
                token_hash=new_id(), user_id=user.id, address=ADDRESS, expires_at=utc_now() + timedelta(hours=1)
            )
            session.add(sign_in)
            target = Target(name=f"diary {new_id()}", protocol="notes", host="192.0.2.8", port=1)
            session.add(target)
            session.flush()
            grant = {"user_id": user.id, "target_id": target.id, "address": ADDRESS}
            ticket, _row = tickets.issue(session, **grant, life_seconds=60)
        return asyncio.run(dictate(self.app.state.gateway, SignedIn(user, sign_in.id), ticket, ADDRESS, notes, torn))

    def finish(self, recording_id: str) -> None:
        """Run all its stages."""
        stages.advance(self.context, recording_id)

    def row(self, recording_id: str) -> Recording:
        """As it is now."""
        with self.context.database.read() as session:
            return recordings.get(session, recording_id)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    settings = Settings(
        data_dir=folder, guacd="127.0.0.1:9", web_dir=folder / "pages", public_url="http://gate.test", _env_file=None
    )
    fill(settings)
    app = create_app(settings)
    with pytest.MonkeyPatch.context() as patch, TestClient(app, base_url="http://gate.test"):
        patch.setitem(KINDS, NOTES.name, NOTES)
        context = WorkerContext.build(settings)
        with context.database.write() as session:
            policy = session.get_one(RetentionPolicy, DEFAULT_POLICY)
            policy.retain_for_days, policy.delete_after_days = 0, None
            session.add(policy)
        yield Site(app, context)
        context.database.close()


@pytest.fixture(scope="module")
def diary(site: Site) -> str:
    """A recording of the second kind, through all its stages."""
    recording_id = site.record(Note(0, "door opened"), Note(1500, "vault key taken"), Note(9000, "door closed"))
    site.finish(recording_id)
    return recording_id


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """Where an export is unpacked."""
    return tmp_path / "unpacked"
