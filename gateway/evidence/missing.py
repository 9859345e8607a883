"""Find recordings and sessions that are in the audit trail but have no rows, and states that were set back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, func, select

from gateway.audit import AuditTag
from gateway.audit.trail import is_authentic
from gateway.core.reconcile import DiscrepancyKind
from gateway.core.recording.states import RecordingState
from gateway.db.models import AccessSession, AuditEvent, Recording

# Each is about one recording, which must exist or have been purged.
_RECORDING: Final = tuple(
    tag.value
    for tag in (
        AuditTag.RECORDING_OPENED,
        AuditTag.RECORDING_IMPORTED,
        AuditTag.RECORDING_CLOSED,
        AuditTag.RECORDING_SEALED,
        AuditTag.RECORDING_ARCHIVED,
    )
)
_SEALED: Final = AuditTag.RECORDING_SEALED.value
_PURGED: Final = AuditTag.RECORDING_PURGED.value
_SESSION: Final = AuditTag.SESSION_OPENED.value


@dataclass(frozen=True)
class Missing:
    """Something the trail records that has no matching row. `recording_id` is set if its recording has a row."""

    kind: DiscrepancyKind
    name: str
    detail: str
    recording_id: str | None = None

    def __str__(self) -> str:
        return f"{self.name}  {self.kind.replace('_', ' ')}: {self.detail}"


@dataclass(frozen=True)
class TrailComparison:
    """The result; `recording_count` recordings are in the trail, including purged ones."""

    recording_count: int
    missing: tuple[Missing, ...]


def compare_with_trail(session: Session) -> TrailComparison:
    """Look up every recording and session of the trail. The trail itself is checked separately."""
    count = select(func.count(func.distinct(AuditEvent.subject_id))).where(col(AuditEvent.tag).in_(_RECORDING))
    missing = (*_recordings(session), *_sessions(session), *_states(session))
    return TrailComparison(session.exec(count).one(), missing)


def _recordings(session: Session) -> list[Missing]:
    rows = _without_row(session, _RECORDING, select(Recording.id))
    return [
        Missing(DiscrepancyKind.RECORDING_MISSING, subject_id, f"{_said(tag, at)}; it has no row and was not purged")
        for subject_id, tag, at in rows
        if not _was_purged(session, subject_id)
    ]


def _sessions(session: Session) -> list[Missing]:
    rows = _without_row(session, (_SESSION,), select(AccessSession.id))
    return [
        Missing(DiscrepancyKind.SESSION_MISSING, subject_id, f"{_said(tag, at)}; it has no row")
        for subject_id, tag, at in rows
    ]


def _without_row(session: Session, tags: tuple[str, ...], rows: Any) -> list[tuple[str, str, datetime]]:
    """Return subjects of such events that are not among `rows`, each with the newest event about it."""
    newest = (
        select(func.max(AuditEvent.id))
        .where(col(AuditEvent.tag).in_(tags), col(AuditEvent.subject_id).not_in(rows))
        .group_by(col(AuditEvent.subject_id))
    )
    found = session.exec(select(AuditEvent).where(col(AuditEvent.id).in_(newest)).order_by(col(AuditEvent.id)))
    return [(event.subject_id or "", event.tag, event.at) for event in found]


def _states(session: Session) -> list[Missing]:
    """Find rows whose state contradicts what the trail says was done."""
    seals = select(AuditEvent.subject_id).where(AuditEvent.tag == _SEALED)
    purges = select(AuditEvent.subject_id).where(AuditEvent.tag == _PURGED)
    reopened = select(Recording.id).where(Recording.state == RecordingState.OPEN, col(Recording.id).in_(seals))
    again = seals.group_by(col(AuditEvent.subject_id)).having(func.count() > 1)
    hidden = select(Recording.id).where(
        Recording.state == RecordingState.PURGED,
        col(Recording.purged_at).is_not(None),
        col(Recording.id).not_in(purges),
    )
    said = {
        "its row says that it is open, but the audit trail says that it was sealed": reopened,
        "it was sealed more than once": again,
        "its row says that it was purged, but the audit trail does not": hidden,
    }
    return [
        Missing(DiscrepancyKind.STATE_CONTRADICTED, recording_id or "", detail, recording_id)
        for detail, query in said.items()
        for recording_id in session.exec(query)
        if recording_id is not None and session.get(Recording, recording_id) is not None
    ]


def _was_purged(session: Session, recording_id: str) -> bool:
    """Accept only events signed by this site: whoever deletes rows could add an event as well."""
    query = select(AuditEvent).where(AuditEvent.subject_id == recording_id, AuditEvent.tag == _PURGED)
    return any(is_authentic(session, event) for event in session.exec(query))


def _said(tag: str, at: datetime) -> str:
    what = tag.rpartition(":")[2]
    return f"{what} {at:%Y-%m-%d %H:%M:%S} UTC by the audit trail"
