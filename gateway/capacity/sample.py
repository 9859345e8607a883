"""Measure storage use now."""

import shutil

from sqlmodel import Session

from gateway.core.capacity import Sample
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import StorageSample
from gateway.db.repositories import storage
from gateway.settings import Settings


def sample(settings: Settings, database: Database) -> None:
    """Store a sample of storage use."""
    with database.write() as session:
        session.add(StorageSample(**vars(now(settings, session))))


def now(settings: Settings, session: Session) -> Sample:
    """Return the current storage use: recordings' sizes from their rows, free space from the disk."""
    disk = shutil.disk_usage(settings.data_dir)
    archived = storage.archived(session).size_bytes
    return Sample(utc_now(), storage.hot_bytes(session), archived, disk.free, disk.total)
