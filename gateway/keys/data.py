"""Data keys in the database: one per recording, wrapped with a master key.

The purge destroys them: anything they encrypted can then no longer be decrypted, wherever copies of it are.
"""

import os

from sqlmodel import Session

from gateway.core.errors import DamagedError, NotFoundError
from gateway.db.columns import utc_now
from gateway.db.models import RecordingKey
from gateway.keys.data_key import DATA_KEY_BYTES, DataKey
from gateway.keys.master import MasterKeys, Wrapped


class DataKeys:
    """Create, open and destroy the keys of recordings. Methods raise KeyMissingError if a master key is missing."""

    def __init__(self, master: MasterKeys) -> None:
        self._master = master

    def new(self, recording_id: str) -> tuple[DataKey, RecordingKey]:
        """Return a key for a new recording, and its row, to be added in the recording's transaction."""
        secret = os.urandom(DATA_KEY_BYTES)
        wrapped = self._master.wrap(recording_id, secret)
        row = RecordingKey(recording_id=recording_id, **wrapped._asdict())
        return DataKey(recording_id, secret), row

    def create(self, session: Session, recording_id: str) -> DataKey:
        """Create a key for a recording whose row has been flushed in this transaction."""
        key, row = self.new(recording_id)
        session.add(row)
        session.flush()
        return key

    def of(self, session: Session, recording_id: str) -> DataKey:
        """Return the recording's key. Raises NotFoundError if it was destroyed, DamagedError if it was altered or removed."""
        row = session.get(RecordingKey, recording_id)
        if row is None:
            raise DamagedError(f"recording {recording_id} has no data key: its row was removed from the database")
        if row.destroyed_at is not None:
            raise NotFoundError(f"the key of recording {recording_id} was destroyed when it was purged")
        wrapped = Wrapped(row.master_key_id, row.wrapped_key)
        return DataKey(recording_id, self._master.unwrap(recording_id, wrapped))

    def destroy(self, session: Session, recording_id: str) -> bool:
        """Destroy the key permanently; return whether there was one."""
        row = session.get(RecordingKey, recording_id, with_for_update=True)
        if row is None or row.destroyed_at is not None:
            return False
        row.wrapped_key, row.destroyed_at = "", utc_now()
        session.add(row)
        session.flush()
        return True

    def rewrap(self, row: RecordingKey) -> None:
        """Re-wrap the key with the newest master key; the key itself, and so the recording's files, do not change."""
        secret = self._master.unwrap(row.recording_id, Wrapped(row.master_key_id, row.wrapped_key))
        row.master_key_id, row.wrapped_key = self._master.wrap(row.recording_id, secret)
