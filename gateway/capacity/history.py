"""Read the site's own history, from which figures are computed."""

from datetime import timedelta
from typing import Final

from sqlmodel import Session

from gateway.core.capacity import MIN_SECONDS, Recorded, Sample
from gateway.db.columns import utc_now
from gateway.db.models import RetentionPolicy
from gateway.db.repositories import storage
from gateway.settings import Settings

# Older recordings say little about the present, and more recordings than this do not change the figures.
RECORDED_DAYS: Final = 90
_MAX_RECORDINGS: Final = 20_000
# A line through a month averages out weekends and still follows a change within weeks.
SAMPLED_DAYS: Final = 30
_DEFAULT_POLICY: Final = "default"


def recorded(session: Session) -> list[Recorded]:
    """Return the storage used by recordings of the last RECORDED_DAYS, newest first."""
    since = utc_now() - timedelta(days=RECORDED_DAYS)
    return [
        Recorded(
            target_name=row.target_name,
            protocol=row.protocol,
            hours=row.duration_ms / 3_600_000,
            original_bytes=int(row.original_bytes),
            rendition_bytes=int(row.rendition_bytes or 0),
            archive_bytes=int(row.archive_bytes or 0) if row.is_archived else None,
        )
        for row in storage.recorded_sizes(session, since, round(MIN_SECONDS * 1000), _MAX_RECORDINGS)
    ]


def samples(session: Session) -> list[Sample]:
    """Return the samples of the last SAMPLED_DAYS, in order."""
    since = utc_now() - timedelta(days=SAMPLED_DAYS)
    return [Sample(**row.model_dump()) for row in storage.samples(session, since)]


def kept_days(session: Session, settings: Settings) -> tuple[float, float]:
    """Return the days on hot storage, and in total, of a recording without a special policy."""
    policy = session.get(RetentionPolicy, _DEFAULT_POLICY)
    if policy is None:
        return settings.hot_days, settings.hot_days
    hot = policy.hot_days if policy.hot_days is not None else settings.hot_days
    return hot, policy.delete_after_days or policy.retain_for_days
