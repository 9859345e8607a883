"""Health of the evidence: the audit trail, the clock that dates it, and the last reconcile.

Reports what the workers last found; health only reads rows.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from gateway.api.system.check import Check
from gateway.audit import AuditTag
from gateway.audit.check import state as trail_state
from gateway.core.reconcile import LOSSES
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.repositories import archived_copies, audit_subjects, discrepancies

_JUMP_REMEMBERED: Final = timedelta(days=1)
# Missed nights after which the read-back of archived copies counts as late.
_LATE: Final = timedelta(days=7)


def checks(database: Database, read_back_days: float) -> list[Check]:
    """Run all three checks. Raises SQLAlchemyError if the database does not respond."""
    with database.read() as session:
        return [_audit_trail(session), _clock(session), _evidence(session, read_back_days)]


def _audit_trail(session: Session) -> Check:
    found = trail_state(session)
    if found.broken is not None:
        return Check("audit_trail", False, f"broken: {found.broken.detail}", vital=False)
    return Check("audit_trail", True, f"sound up to event {found.sound_event_id}", vital=False)


def _clock(session: Session) -> Check:
    event = audit_subjects.newest_with_tag(session, AuditTag.CLOCK_JUMPED.value, utc_now() - _JUMP_REMEMBERED)
    if event is not None:
        jump = f"it jumped by {event.details['seconds']} s at {event.at:%Y-%m-%d %H:%M:%S} UTC"
        return Check("clock", False, jump, vital=False)
    return Check("clock", True, "no jump noticed within a day", vital=False)


def _evidence(session: Session, read_back_days: float) -> Check:
    counts = discrepancies.open_counts(session)
    oldest = archived_copies.oldest_verified_at(session)
    bad = [f"{counts[kind]} {kind.replace('_', ' ')}" for kind in LOSSES if counts[kind]]
    if oldest is not None and read_back_days and utc_now() - oldest > timedelta(days=read_back_days) + _LATE:
        bad.append(f"an archived copy was not read back since {oldest:%Y-%m-%d}")
    return Check(
        "evidence", not bad, "; ".join(bad) or f"nothing missing; {_read(oldest, read_back_days)}", vital=False
    )


def _read(oldest: datetime | None, read_back_days: float) -> str:
    if oldest is None:
        return "no archived copy"
    return (
        f"archived copies read back since {oldest:%Y-%m-%d}" if read_back_days else "archived copies are not read back"
    )
