"""Read the site's own history, from which figures are computed."""

from datetime import timedelta
from typing import Final

from sqlalchemy import Subquery, inspect, select as sql_select
from sqlmodel import Session, col, func, select

from gateway.core.capacity import MIN_SECONDS, Recorded, Sample
from gateway.core.recording.states import RecordingState
from gateway.db.columns import utc_now
from gateway.db.models import ArchiveObject, Recording, Rendition, RetentionPolicy, Segment, StorageSample
from gateway.settings import Settings

# What was recorded longer ago says little about now; more than this many recordings change no figure.
RECORDED_DAYS: Final = 90
_MAX_RECORDINGS: Final = 20_000
# A line through a month sees weekends, and a change of habits within weeks.
SAMPLED_DAYS: Final = 30
_DEFAULT_POLICY: Final = "default"


def recorded(session: Session) -> list[Recorded]:
    """Return the storage used by recordings of the last RECORDED_DAYS, newest first."""
    original, renditions, archived = (_sizes(table) for table in (Segment, Rendition, ArchiveObject))
    query = (
        sql_select(
            col(Recording.target_name),
            col(Recording.protocol),
            col(Recording.duration_ms),
            col(Recording.state),
            original.c.size_bytes.label("original"),
            renditions.c.size_bytes.label("renditions"),
            archived.c.size_bytes.label("archived"),
        )
        .join(original, original.c.recording_id == Recording.id)
        .outerjoin(renditions, renditions.c.recording_id == Recording.id)
        .outerjoin(archived, archived.c.recording_id == Recording.id)
        .where(
            col(Recording.state).in_([RecordingState.SEALED, RecordingState.ARCHIVED]),
            col(Recording.started_at) > utc_now() - timedelta(days=RECORDED_DAYS),
            col(Recording.duration_ms) >= MIN_SECONDS * 1000,
        )
        .order_by(col(Recording.started_at).desc())
        .limit(_MAX_RECORDINGS)
    )
    return [
        Recorded(
            target_name=row.target_name,
            protocol=row.protocol,
            hours=row.duration_ms / 3_600_000,
            original_bytes=int(row.original),
            rendition_bytes=int(row.renditions or 0),
            archive_bytes=int(row.archived or 0) if row.state is RecordingState.ARCHIVED else None,
        )
        for row in session.connection().execute(query)
    ]


def samples(session: Session) -> list[Sample]:
    """Return the samples of the last SAMPLED_DAYS, in order."""
    query = select(StorageSample).where(StorageSample.at > utc_now() - timedelta(days=SAMPLED_DAYS))
    return [Sample(**row.model_dump()) for row in session.exec(query.order_by(col(StorageSample.at)))]


def kept_days(session: Session, settings: Settings) -> tuple[float, float]:
    """Return the days on hot storage, and in total, of a recording without a special policy."""
    policy = session.get(RetentionPolicy, _DEFAULT_POLICY)
    if policy is None:
        return settings.hot_days, settings.hot_days
    hot = policy.hot_days if policy.hot_days is not None else settings.hot_days
    return hot, policy.delete_after_days or policy.retain_for_days


def _sizes(table: type[Segment | Rendition | ArchiveObject]) -> Subquery:
    """Return bytes by recording, as stored."""
    columns = inspect(table).columns
    kept = columns.stored_bytes if "stored_bytes" in columns else columns.size_bytes
    return (
        sql_select(columns.recording_id, func.sum(kept).label("size_bytes")).group_by(columns.recording_id).subquery()
    )
