"""Gaps that a manifest could not take, from the audit trail. Callers: `workers.seal.stage`.

When a disk is full or gone, the gateway cannot note a gap in the manifest that lies on it; it then is in the trail only.
"""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from sqlmodel import Session, col, select

from gateway.audit import AuditTag
from gateway.core.recording.entries import GapNoted
from gateway.core.recording.states import GapCause
from gateway.db.models import AuditEvent

_TAGS = (AuditTag.RECORDER_LOST.value, AuditTag.RECORDER_RESUMED.value)


def told_gaps(session: Session, recording_id: str) -> tuple[GapNoted, ...]:
    """What the gateway told of gaps in a recording; one that ended as it ended."""
    query = select(AuditEvent).where(AuditEvent.subject_id == recording_id, col(AuditEvent.tag).in_(_TAGS))
    told = [_gap(event.details) for event in session.exec(query.order_by(col(AuditEvent.id)))]
    ended = {_beginning(gap) for gap in told if gap.end_ms is not None}
    return tuple(gap for gap in told if gap.end_ms is not None or _beginning(gap) not in ended)


def missing_gaps(noted: Iterable[GapNoted], told: Iterable[GapNoted]) -> tuple[GapNoted, ...]:
    """What was told and is not noted: by where a gap begins and why, its end may have been learnt later."""
    known = {_beginning(gap) for gap in noted}
    return tuple(gap for gap in told if _beginning(gap) not in known)


def _beginning(gap: GapNoted) -> tuple[int, GapCause]:
    return gap.start_ms, gap.cause


def _gap(details: dict[str, Any]) -> GapNoted:
    values = {field.name: details[field.name] for field in fields(GapNoted)}
    return GapNoted(**values | {"cause": GapCause(values["cause"])})
