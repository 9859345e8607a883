"""Find recordings and sessions that are in the audit trail but have no rows, and states that were set back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from gateway.audit import AuditTag
from gateway.audit.trail import is_authentic
from gateway.core.reconcile import DiscrepancyKind
from gateway.db.repositories import audit_contradictions

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
    missing = (*_recordings(session), *_sessions(session), *_states(session))
    return TrailComparison(audit_contradictions.subject_count(session, _RECORDING), missing)


def _recordings(session: Session) -> list[Missing]:
    purged = _purged(session)
    return [
        Missing(DiscrepancyKind.RECORDING_MISSING, subject_id, f"{_said(tag, at)}; it has no row and was not purged")
        for subject_id, tag, at in audit_contradictions.recordings_without_row(session, _RECORDING)
        if subject_id not in purged
    ]


def _sessions(session: Session) -> list[Missing]:
    return [
        Missing(DiscrepancyKind.SESSION_MISSING, subject_id, f"{_said(tag, at)}; it has no row")
        for subject_id, tag, at in audit_contradictions.sessions_without_row(session, _SESSION)
    ]


def _states(session: Session) -> list[Missing]:
    """Find rows whose state contradicts what the trail says was done."""
    found = {
        "its row says that it is open, but the audit trail says that it was sealed": audit_contradictions.open_despite(
            session, _SEALED
        ),
        "it was sealed more than once": audit_contradictions.with_repeated(session, _SEALED),
        "its row says that it was purged, but the audit trail does not": audit_contradictions.purged_without(
            session, _PURGED
        ),
    }
    return [
        Missing(DiscrepancyKind.STATE_CONTRADICTED, recording_id, detail, recording_id)
        for detail, ids in found.items()
        for recording_id in ids
    ]


def _purged(session: Session) -> set[str | None]:
    """Return ids of purged recordings without a row.

    Only events signed by this site count: whoever deletes rows could add an event as well.
    """
    events = audit_contradictions.events_without_recording(session, _PURGED)
    return {event.subject_id for event in events if is_authentic(session, event)}


def _said(tag: str, at: datetime) -> str:
    what = tag.rpartition(":")[2]
    return f"{what} {at:%Y-%m-%d %H:%M:%S} UTC by the audit trail"
