from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.audit import Actor, AuditTag, record
from gateway.db.database import Database
from gateway.db.models import AuditEvent, AuditMention
from gateway.keys.site import SiteKeys
from gateway.settings import Settings
from tests.parts.database import upgrade


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    upgrade(url)
    database = Database(url, SiteKeys(Settings(data_dir=tmp_path)))
    with database.write() as session:
        for number in range(4):
            record(session, AuditTag.SIGN_OUT, Actor("ann", "id-1", "127.0.0.1"), number=number, text="naïve ✓")
    yield database
    database.close()


def test_recordings_an_event_speaks_of_are_indexed(database: Database) -> None:
    with database.write() as session:
        event = record(
            session, AuditTag.RECORDINGS_SEARCHED, Actor("ann"), subject_id="a", recording_ids=["c", "b", "a", "b"]
        )
        record(session, AuditTag.EXPORT_LINK_USED, Actor("ann"), subject_id="link", recording_id="b")
    with database.read() as session:
        rows = session.exec(select(AuditMention).where(AuditMention.event_id == event.id))
        assert sorted(row.recording_id for row in rows) == ["b", "c"], "its subject is known anyway"
        assert len(session.exec(select(AuditMention).where(AuditMention.recording_id == "b")).all()) == 2


def test_an_event_does_not_outlive_its_transaction(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        record(session, AuditTag.SIGN_OUT, Actor("ann"))
        raise RuntimeError
    with database.read() as session:
        assert len(session.exec(select(AuditEvent)).all()) == 4
