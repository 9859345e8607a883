"""First start: keys are made once, and never where a missing one would be hidden by it."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from gateway import supervisor
from gateway.db.database import Database
from gateway.db.models import AuditEvent, SigningKey
from gateway.keyring import Keyring
from gateway.keys.folder import KeyMissingError
from gateway.keys.signing import add_key
from gateway.keys.site import public_keys
from gateway.settings import Settings
from tests.gateway.keys.test_data import place


def events(database: Database) -> list[tuple[str, str]]:
    with database.read() as session:
        rows = session.exec(select(AuditEvent).order_by(col(AuditEvent.id)))
        return [(row.tag, row.details["kind"]) for row in rows]


def test_the_first_start_makes_the_keys_and_writes_it_down(settings: Settings, database: Database) -> None:
    keyring = Keyring.open(settings, database)
    assert events(database) == [("cli:key:created", "master"), ("cli:key:created", "signing")]
    again = Keyring.open(settings, database)
    assert again.master.ids() == keyring.master.ids()
    assert again.signer().key_id == keyring.signer().key_id
    assert len(events(database)) == 2
    with database.read() as session:
        assert public_keys(session) == {keyring.signer().key_id: keyring.signer().public_key}


def test_processes_that_start_at_once_agree(settings: Settings, database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _number: Keyring.open(settings, database), range(8)))
    assert len({keyring.master.newest_id() for keyring in opened}) == 1
    assert sorted(events(database)) == [("cli:key:created", "master"), ("cli:key:created", "signing")]


def test_a_lost_master_key_is_not_made_anew(settings: Settings, database: Database) -> None:
    keyring = Keyring.open(settings, database)
    with database.write() as session:
        keyring.data.create(session, place(session))
    shutil.rmtree(settings.keys_folder / "master")
    with pytest.raises(KeyMissingError, match="there is no master key in"):
        Keyring.open(settings, database)
    assert not (settings.keys_folder / "master").exists()


def test_nothing_is_started_without_the_master_key(settings: Settings, database: Database) -> None:
    keyring = Keyring.open(settings, database)
    with database.write() as session:
        keyring.data.create(session, place(session))
    shutil.rmtree(settings.keys_folder / "master")
    with pytest.raises(KeyMissingError, match="there is no master key in"):
        supervisor.run(settings)
    assert not (settings.run_dir / "supervisor.json").exists()


def test_a_missing_older_master_key_is_reported_and_others_go_on(settings: Settings, database: Database) -> None:
    keyring = Keyring.open(settings, database)
    with database.write() as session:
        keyring.data.create(session, place(session))
    [old] = (settings.keys_folder / "master").iterdir()
    keyring.master.add()
    old.unlink()
    with capture_logs() as logs:
        Keyring.open(settings, database)
    assert [log["event"] for log in logs] == ["master_key.missing"]


def test_a_signing_key_that_was_added_elsewhere_is_put_on_record(settings: Settings, database: Database) -> None:
    first = Keyring.open(settings, database).signer().key_id
    added = add_key(settings).key_id
    Keyring.open(settings, database)
    with database.read() as session:
        assert set(session.exec(select(SigningKey.id))) == {first, added}
