"""Measure storage use now."""

import shutil

from sqlmodel import Session, col, func, select

from gateway.core.capacity import Sample
from gateway.core.recording.states import RecordingState, Tier
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import ArchiveObject, Recording, Rendition, Segment, StorageSample
from gateway.settings import Settings


def sample(settings: Settings, database: Database) -> None:
    """Store a sample of storage use."""
    with database.write() as session:
        session.add(StorageSample(**vars(now(settings, session))))


def now(settings: Settings, session: Session) -> Sample:
    """Return the current storage use: recordings' sizes from their rows, free space from the disk."""
    disk = shutil.disk_usage(settings.data_dir)
    archived = session.exec(select(func.sum(ArchiveObject.size_bytes))).one()
    return Sample(utc_now(), hot_bytes(session), archived or 0, disk.free, disk.total)


def hot_bytes(session: Session) -> int:
    """Return the bytes of sealed recordings on hot storage, as stored."""
    return sum(_hot_bytes_of(session, table) for table in (Segment, Rendition))


def _hot_bytes_of(session: Session, table: type[Segment | Rendition]) -> int:
    query = (
        select(func.sum(table.stored_bytes))
        .join(Recording, col(Recording.id) == col(table.recording_id))
        .where(Recording.tier == Tier.HOT, Recording.state != RecordingState.PURGED)
    )
    return int(session.exec(query).one() or 0)
