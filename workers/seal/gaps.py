"""Gaps from the audit trail that the manifest could not take.

If a disk is full or gone, the gateway cannot note a gap in the manifest on it; the gap is then only in the trail.
"""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from sqlmodel import Session

from gateway.audit import AuditTag
from gateway.core.recording.entries import GapNoted
from gateway.core.recording.states import GapCause
from gateway.db.repositories import audit_subjects

_TAGS = (AuditTag.RECORDER_LOST.value, AuditTag.RECORDER_RESUMED.value)


def audited_gaps(session: Session, recording_id: str) -> tuple[GapNoted, ...]:
    """Return the gaps the gateway audited for a recording, with their end if they ended."""
    audited = [_gap(event.details) for event in audit_subjects.events(session, [recording_id], _TAGS)]
    ended = {_beginning(gap) for gap in audited if gap.end_ms is not None}
    return tuple(gap for gap in audited if gap.end_ms is not None or _beginning(gap) not in ended)


def gaps_missing_from_manifest(noted: Iterable[GapNoted], audited: Iterable[GapNoted]) -> tuple[GapNoted, ...]:
    """Return audited gaps missing from the manifest, matched by start and cause: the end may have become known later."""
    known = {_beginning(gap) for gap in noted}
    return tuple(gap for gap in audited if _beginning(gap) not in known)


def _beginning(gap: GapNoted) -> tuple[int, GapCause]:
    return gap.start_ms, gap.cause


def _gap(details: dict[str, Any]) -> GapNoted:
    values = {field.name: details[field.name] for field in fields(GapNoted)}
    return GapNoted(**values | {"cause": GapCause(values["cause"])})
