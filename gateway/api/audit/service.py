"""Build the responses of the audit and custody routes from rows."""

from collections.abc import Sequence

from sqlmodel import Session

from gateway.api.audit.schemas import AuditEventOut, BreakOut, SubjectOut, TrailOut
from gateway.api.schemas import TaskOut
from gateway.audit import check
from gateway.core.work import TaskKind
from gateway.db.models import AuditCheck, AuditEvent
from gateway.db.repositories import audit, tasks

_SHOWN = set(AuditEventOut.model_fields) - {"subject"}


def shown(session: Session, events: Sequence[AuditEvent]) -> list[AuditEventOut]:
    """Return events with their subjects, using one query for each kind of subject."""
    subjects = audit.subjects(session, (event.subject_id for event in events))
    return [
        AuditEventOut(
            **event.model_dump(include=_SHOWN),
            subject=SubjectOut.model_validate(found) if (found := subjects.get(event.subject_id or "")) else None,
        )
        for event in events
    ]


def trail(session: Session) -> TrailOut:
    """Return what is known about the chain."""
    state = check.state(session)
    task = tasks.newest(session, TaskKind.AUDIT_CHECK, None)
    return TrailOut(
        event_count=state.event_count,
        head_event_id=state.head_event_id,
        sound_event_id=state.sound_event_id,
        checked_at=state.checked_at,
        whole_checked_at=state.whole.at if state.whole else None,
        broken=_break(state.broken),
        task=TaskOut.model_validate(task) if task else None,
    )


def _break(row: AuditCheck | None) -> BreakOut | None:
    if row is None or row.broken_kind is None or row.broken_event_id is None:
        return None
    return BreakOut(
        kind=row.broken_kind, event_id=row.broken_event_id, at=row.broken_at, detail=row.detail, found_at=row.at
    )
