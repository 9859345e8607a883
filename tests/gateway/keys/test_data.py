"""Data keys: with the recording's row, for it alone, and gone when destroyed."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from gateway.core.errors import DamagedError, NotFoundError
from gateway.db.columns import new_id, utc_now
from gateway.db.database import Database
from gateway.db.models import Recording, RecordingKey
from gateway.keyring import Keyring
from gateway.keys.data import DataKeys
from gateway.settings import Settings

Place = Callable[[Session], str]


@pytest.fixture
def keys(settings: Settings, database: Database) -> DataKeys:
    return Keyring.open(settings, database).data


def place(session: Session) -> str:
    recording = Recording(id=new_id(), folder="recordings/x", target_name="t", operator_name="o", started_at=utc_now())
    session.add(recording)
    session.flush()
    return recording.id


def test_a_recordings_key_comes_back_and_is_its_own(database: Database, keys: DataKeys) -> None:
    with database.write() as session:
        first, second, keyless = place(session), place(session), place(session)
        made = keys.create(session, first)
        other = keys.create(session, second)
    with database.read() as session:
        assert keys.of(session, first) == made
        assert keys.of(session, second) == other != made
        with pytest.raises(DamagedError, match="has no data key"):
            keys.of(session, keyless)
        row = session.get(RecordingKey, first)
        assert row is not None
        assert made.secret.hex() not in str(row)


def test_a_key_of_a_recording_that_was_never_begun_is_not_there(database: Database, keys: DataKeys) -> None:
    def interrupted() -> str:
        with database.write() as session:
            recording_id = place(session)
            keys.create(session, recording_id)
            raise InterruptedError(recording_id)

    with pytest.raises(InterruptedError) as no:
        interrupted()
    with database.read() as session:
        assert session.get(RecordingKey, str(no.value)) is None


def test_keys_cannot_be_exchanged_between_rows(database: Database, keys: DataKeys) -> None:
    with database.write() as session:
        first, second = place(session), place(session)
        keys.create(session, first)
        keys.create(session, second)
        rows = [session.get(RecordingKey, recording) for recording in (first, second)]
        assert rows[0] is not None
        assert rows[1] is not None
        rows[0].wrapped_key, rows[1].wrapped_key = rows[1].wrapped_key, rows[0].wrapped_key
        session.add_all(rows)
    with database.read() as session:
        for recording in (first, second):
            with pytest.raises(DamagedError):
                keys.of(session, recording)


def test_a_destroyed_key_is_gone_and_says_when(database: Database, keys: DataKeys) -> None:
    with database.write() as session:
        recording, old = place(session), place(session)
        keys.create(session, recording)
        assert keys.destroy(session, recording)
        assert not keys.destroy(session, recording)
        assert not keys.destroy(session, old)
    with database.read() as session:
        row = session.get(RecordingKey, recording)
        assert row is not None
        assert row.wrapped_key == ""
        assert row.destroyed_at is not None
        with pytest.raises(NotFoundError, match="was destroyed when it was purged"):
            keys.of(session, recording)


def test_what_is_derived_for_one_purpose_is_not_what_another_gets(database: Database, keys: DataKeys) -> None:
    with database.write() as session:
        key = keys.create(session, place(session))
    derived = {key.derive(b"one"), key.derive(b"two"), key.derive(b"one", salt=b"salt"), key.secret}
    assert len(derived) == 4
    assert key.derive(b"one") == key.derive(b"one")
    assert len(key.derive(b"one", length=48)) == 48
