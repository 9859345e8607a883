"""Data keys in the database: one a recording, wrapped by a master key.

Callers: `gateway.sessions.opening` and the import make them, `gateway.storage.files` and the recorder's successors use
them, the purge destroys them: what they encrypt is then gone wherever copies of it may be.
"""

import os

from sqlmodel import Session

from gateway.core.errors import NotFoundError
from gateway.db.columns import utc_now
from gateway.db.models import RecordingKey
from gateway.keys.data_key import DATA_KEY_BYTES, DataKey
from gateway.keys.master import MasterKeys, Wrapped


class DataKeys:
    """Makes, opens and destroys the keys of recordings. Methods raise KeyMissingError where a master key is missing."""

    def __init__(self, master: MasterKeys) -> None:
        self._master = master

    def new(self, recording_id: str) -> tuple[DataKey, RecordingKey]:
        """A key for a recording that is about to be made, and its row: to be added in the recording's transaction."""
        secret = os.urandom(DATA_KEY_BYTES)
        wrapped = self._master.wrap(recording_id, secret)
        row = RecordingKey(recording_id=recording_id, **wrapped._asdict())
        return DataKey(recording_id, secret), row

    def create(self, session: Session, recording_id: str) -> DataKey:
        """A key for a recording whose row has been flushed in this transaction."""
        key, row = self.new(recording_id)
        session.add(row)
        session.flush()
        return key

    def of(self, session: Session, recording_id: str) -> DataKey | None:
        """The recording's key; None when it is from before encryption and its files are in clear.

        Raises NotFoundError when it was destroyed, DamagedError when it was altered.
        """
        row = session.get(RecordingKey, recording_id)
        if row is None:
            return None
        if row.destroyed_at is not None:
            raise NotFoundError(f"the key of recording {recording_id} was destroyed when it was purged")
        wrapped = Wrapped(row.master_key_id, row.wrapped_key)
        return DataKey(recording_id, self._master.unwrap(recording_id, wrapped))

    def destroy(self, session: Session, recording_id: str) -> bool:
        """Empty the row for good; whether there was a key."""
        row = session.get(RecordingKey, recording_id, with_for_update=True)
        if row is None or row.destroyed_at is not None:
            return False
        row.wrapped_key, row.destroyed_at = "", utc_now()
        session.add(row)
        session.flush()
        return True

    def rewrap(self, row: RecordingKey) -> None:
        """Wrap it by the newest master key; the key itself, and so the recording's files, stay as they are."""
        secret = self._master.unwrap(row.recording_id, Wrapped(row.master_key_id, row.wrapped_key))
        row.master_key_id, row.wrapped_key = self._master.wrap(row.recording_id, secret)
