"""Queries on recordings and what belongs to them: segments, gaps, renditions, archive objects, spans.

"Replace" deletes and inserts in the caller's transaction, so that a repeated stage leaves no duplicates and readers
never see half of it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import String, and_, case, cast, exists
from sqlmodel import Session, SQLModel, col, delete, func, select

from gateway.core.errors import GoneError, InvalidInputError, NotFoundError
from gateway.core.reconcile import IN_ARCHIVE
from gateway.core.recording.states import RecordingState, Tier
from gateway.db.columns import UtcDateTime
from gateway.db.models import ArchiveObject, Discrepancy, Gap, Recording, Rendition, Segment, Span
from gateway.db.repositories import discrepancies

WAITING_TO_BE_SEALED: Final = "waiting_to_be_sealed"
# How many of several recordings an error names.
_NAMED: Final = 3


@dataclass(frozen=True)
class RecordedFile:
    """A file of a recording as its rows describe it: `name` in the recording's folder, `sha256` in hex."""

    name: str
    size_bytes: int
    sha256: str


def get(session: Session, recording_id: str, *, lock: bool = False) -> Recording:
    """Return the recording; `lock` keeps it from other writers to the end of the transaction. Raises NotFoundError."""
    query = select(Recording).where(Recording.id == recording_id)
    if lock:  # as it is now, and not as this session may have read it before
        query = query.with_for_update().execution_options(populate_existing=True)
    recording = session.exec(query).one_or_none()
    if recording is None:
        raise NotFoundError(f"there is no recording {recording_id}")
    return recording


def by_prefix(session: Session, text: str) -> Recording:
    """Return the recording with this id, or the only one with this prefix. Raises NotFoundError, InvalidInputError."""
    exact = session.exec(select(Recording).where(Recording.id == text)).one_or_none()
    if exact is not None:
        return exact
    begins = select(Recording).where(col(Recording.id).startswith(text, autoescape=True)) if text else None
    found = [] if begins is None else session.exec(begins.order_by(col(Recording.id)).limit(_NAMED + 1)).all()
    if not found:
        raise NotFoundError(f"there is no recording {text}".rstrip())
    if len(found) > 1:
        more = ", ..." if len(found) > _NAMED else ""
        ids = ", ".join(row.id for row in found[:_NAMED])
        raise InvalidInputError(f"{text} matches several recordings: {ids}{more}; give a longer prefix")
    return found[0]


def refuse_purged(recording: Recording) -> None:
    """Raise GoneError for a recording that is purged or being purged."""
    if recording.state is RecordingState.PURGED:
        when = f" on {recording.purged_at:%Y-%m-%d}" if recording.purged_at else ""
        raise GoneError(
            f"the recording was purged{when}: its bytes are erased, its certificate of erasure says what they were"
        )


def segments(session: Session, recording_id: str) -> list[Segment]:
    """Return the sealed segments in order."""
    query = select(Segment).where(Segment.recording_id == recording_id).order_by(col(Segment.number))
    return list(session.exec(query))


def files(session: Session, recording_id: str) -> list[RecordedFile]:
    """Return segments and renditions as stored, encrypted (the manifest has no row)."""
    found: list[Segment | Rendition] = [*segments(session, recording_id), *renditions(session, recording_id)]
    return [RecordedFile(row.name, row.stored_bytes, row.stored_sha256) for row in found]


def content(session: Session, recording_id: str, name: str) -> RecordedFile | None:
    """Describe the content of one segment or rendition; None if it has no row (the manifest, unsealed segments)."""
    segment = select(Segment).where(Segment.recording_id == recording_id, Segment.name == name)
    made = select(Rendition).where(Rendition.recording_id == recording_id, Rendition.name == name)
    row: Segment | Rendition | None = session.exec(segment).one_or_none() or session.exec(made).one_or_none()
    return None if row is None else RecordedFile(row.name, row.size_bytes, row.sha256)


def gaps(session: Session, recording_id: str) -> list[Gap]:
    """Return the gaps by time."""
    query = select(Gap).where(Gap.recording_id == recording_id).order_by(col(Gap.start_ms), col(Gap.id))
    return list(session.exec(query))


def renditions(session: Session, recording_id: str) -> list[Rendition]:
    """Return what was made from the original, by name."""
    query = select(Rendition).where(Rendition.recording_id == recording_id).order_by(col(Rendition.name))
    return list(session.exec(query))


def rendition(session: Session, recording_id: str, name: str) -> Rendition:
    """Return one rendition. Raises NotFoundError."""
    query = select(Rendition).where(Rendition.recording_id == recording_id, Rendition.name == name)
    row = session.exec(query).one_or_none()
    if row is None:
        raise NotFoundError(f"recording {recording_id} has no {name}")
    return row


def stray_span_count(session: Session, recording_id: str, names: Collection[str]) -> int:
    """Count indexed spans that come from a file other than these renditions."""
    current = select(Rendition.id).where(Rendition.recording_id == recording_id, col(Rendition.name).in_(names))
    query = select(func.count()).where(
        col(Span.recording_id) == recording_id,
        col(Span.rendition_id).is_not(None),
        col(Span.rendition_id).not_in(current),
    )
    return session.exec(query).one()


def archive_objects(session: Session, recording_id: str) -> list[ArchiveObject]:
    """Return the verified copies in the archive, by name."""
    query = select(ArchiveObject).where(ArchiveObject.recording_id == recording_id).order_by(col(ArchiveObject.name))
    return list(session.exec(query))


def archive_object(session: Session, recording_id: str, name: str) -> ArchiveObject | None:
    """Return the verified copy of one file, None if there is none."""
    query = select(ArchiveObject).where(ArchiveObject.recording_id == recording_id, ArchiveObject.name == name)
    return session.exec(query).one_or_none()


def with_digest(session: Session, digest: str) -> Recording | None:
    """Return the oldest recording whose original has this SHA-256 (hex)."""
    query = select(Recording).where(Recording.digest == digest).order_by(col(Recording.started_at)).limit(1)
    return session.exec(query).one_or_none()


def replace_originals(
    session: Session, recording_id: str, new_segments: Iterable[Segment], new_gaps: Iterable[Gap]
) -> None:
    """Replace the segments and gaps by what sealing found."""
    _delete_all(session, Segment, recording_id)
    _delete_all(session, Gap, recording_id)
    session.add_all([*new_segments, *new_gaps])
    session.flush()


def put_rendition(session: Session, rendition: Rendition) -> None:
    """Add the row of a rendition, or replace the one of the same name."""
    session.connection().execute(
        delete(Rendition).where(
            col(Rendition.recording_id) == rendition.recording_id, col(Rendition.name) == rendition.name
        )
    )
    session.add(rendition)
    session.flush()


def drop_renditions(session: Session, recording_id: str, names: Iterable[str]) -> None:
    """Delete the rows of renditions that no longer exist."""
    session.connection().execute(
        delete(Rendition).where(col(Rendition.recording_id) == recording_id, col(Rendition.name).in_(list(names)))
    )


def put_archive_object(session: Session, stored: ArchiveObject) -> None:
    """Add the row of a verified copy, or replace the one of the same name."""
    session.connection().execute(
        delete(ArchiveObject).where(
            col(ArchiveObject.recording_id) == stored.recording_id, col(ArchiveObject.name) == stored.name
        )
    )
    session.add(stored)
    session.flush()


def hot_past(session: Session, now: datetime, limit: int) -> list[Recording]:
    """Return archived recordings whose hot copy has expired, except those with known archive damage; oldest first."""
    amiss = exists().where(
        col(Discrepancy.recording_id) == col(Recording.id), col(Discrepancy.kind).in_(IN_ARCHIVE), *discrepancies.OPEN
    )
    query = (
        select(Recording)
        .where(
            Recording.state == RecordingState.ARCHIVED,
            Recording.tier == Tier.HOT,
            col(Recording.hot_until_at) <= now,
            ~amiss,
        )
        .order_by(col(Recording.hot_until_at))
        .limit(limit)
    )
    return list(session.exec(query))


def in_states(session: Session, states: Iterable[RecordingState]) -> list[Recording]:
    """Return all recordings in these states, oldest first."""
    query = select(Recording).where(col(Recording.state).in_(list(states))).order_by(col(Recording.started_at))
    return list(session.exec(query))


def ids_in_states(session: Session, states: Iterable[RecordingState]) -> list[str]:
    """Return ids of all recordings in these states, newest first."""
    query = select(Recording.id).where(col(Recording.state).in_(list(states)))
    return list(session.exec(query.order_by(col(Recording.started_at).desc())))


def state_counts(session: Session) -> dict[str, int]:
    """Count the recordings in each state; open ones whose session has ended count as WAITING_TO_BE_SEALED."""
    waits = and_(col(Recording.state) == RecordingState.OPEN, col(Recording.closed_at).is_not(None))
    state = case((waits, WAITING_TO_BE_SEALED), else_=cast(col(Recording.state), String))
    return dict(session.exec(select(state, func.count()).group_by(state)).all())


def searchable_delays(session: Session, since: datetime) -> list[float]:
    """Return the seconds from disconnect or import to searchable of each recording that became searchable since then."""
    came_at = func.coalesce(Recording.imported_at, Recording.closed_at, type_=UtcDateTime())
    query = select(came_at, Recording.searchable_at).where(col(Recording.searchable_at) > since)
    return [(done - came).total_seconds() for came, done in session.exec(query) if came and done]


def folders(session: Session) -> set[str]:
    """Return the folders of all recordings, purged ones too."""
    return set(session.exec(select(Recording.folder)))


def _delete_all(session: Session, model: type[SQLModel], recording_id: str) -> None:
    column = model.__table__.c.recording_id  # type: ignore[attr-defined]
    session.connection().execute(delete(model).where(column == recording_id))
