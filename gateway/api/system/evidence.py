"""Whether the evidence is known to be whole: the audit trail, the clock that it is dated by, and what was compared.

All of it is as the workers last found it: health reads rows and nothing else.
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
# Nights that a worker may miss before the read-back of archived copies counts as late.
_LATE: Final = timedelta(days=7)


def checks(database: Database, read_back_days: float) -> list[Check]:
    """Look at all three. Raises SQLAlchemyError when the database does not answer."""
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
