from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.audit import Actor, AuditTag, record
from gateway.audit.trail import first_broken
from gateway.db.database import Database
from gateway.db.migrate import upgrade
from gateway.db.models import AuditEvent


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    upgrade(url)
    database = Database(url)
    with database.write() as session:
        for number in range(4):
            record(session, AuditTag.SIGN_OUT, Actor("ann", "id-1", "127.0.0.1"), number=number, text="naïve ✓")
    yield database
    database.close()


def test_an_untouched_trail_is_sound(database: Database) -> None:
    with database.read() as session:
        assert first_broken(session) is None


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit_events SET actor_name = 'bob' WHERE id = 2", 2),
        ("UPDATE audit_events SET details = '{}' WHERE id = 4", 4),
        ("DELETE FROM audit_events WHERE id = 2", 3),
        ("UPDATE audit_events SET at = '2020-01-01 00:00:00.000000' WHERE id = 1", 1),
    ],
)
def test_a_changed_or_removed_row_is_named(database: Database, statement: str, broken: int) -> None:
    with database.write() as session:
        session.connection().exec_driver_sql(statement)
    with database.read() as session:
        assert first_broken(session) == broken


def test_an_event_does_not_outlive_its_transaction(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        record(session, AuditTag.SIGN_OUT, Actor("ann"))
        raise RuntimeError
    with database.read() as session:
        assert len(session.exec(select(AuditEvent)).all()) == 4
