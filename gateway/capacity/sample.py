"""How full storage is now. Callers: the timer job `storage.sample` (keeps it), the storage and capacity routes."""

import shutil

from sqlmodel import Session, col, func, select

from gateway.core.capacity import Sample
from gateway.core.recording.states import RecordingState, Tier
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import ArchiveObject, Recording, Rendition, Segment, StorageSample
from gateway.settings import Settings


def sample(settings: Settings, database: Database) -> None:
    """Keep how full storage is."""
    with database.write() as session:
        session.add(StorageSample(**vars(now(settings, session))))


def now(settings: Settings, session: Session) -> Sample:
    """How full storage is: sizes of recordings by their rows, the disk by asking it."""
    disk = shutil.disk_usage(settings.data_dir)
    archived = session.exec(select(func.sum(ArchiveObject.size_bytes))).one()
    return Sample(utc_now(), hot_bytes(session), archived or 0, disk.free, disk.total)


def hot_bytes(session: Session) -> int:
    """Bytes of sealed recordings on hot storage, as they are kept."""
    return sum(_hot_bytes_of(session, table) for table in (Segment, Rendition))


def _hot_bytes_of(session: Session, table: type[Segment | Rendition]) -> int:
    query = (
        select(func.sum(func.coalesce(table.stored_bytes, table.size_bytes)))
        .join(Recording, col(Recording.id) == col(table.recording_id))
        .where(Recording.tier == Tier.HOT, Recording.state != RecordingState.PURGED)
    )
    return int(session.exec(query).one() or 0)
