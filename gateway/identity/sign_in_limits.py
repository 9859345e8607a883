"""Rate limits for sign-ins. Attempts are counted in the database before the password is checked, so no race evades them.

There are three counts over a window of 15 minutes. One name from one address: blocked after ten failures. One address
with any names: blocked after fifty. One name from any address: after twenty failures, one attempt every two seconds,
except from an address where that user is signed in. So nobody can lock another person out, and neither guessing many
names from one address nor one name from many addresses gets far.

The audit trail gets an event for each failure up to a limit, and beyond it one event that summarises the window.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import NotFoundError
from gateway.core.network import network_of
from gateway.db import locks
from gateway.db.columns import utc_now
from gateway.db.locks import Lock
from gateway.db.models import AttemptScope, SignInAttempts, User
from gateway.db.repositories import sign_in_attempts, users

WINDOW: Final = timedelta(minutes=15)
MOST_FAILURES: Final = {AttemptScope.PAIR: 10, AttemptScope.ADDRESS: 50}
# People mistype a few times; twenty failures on one name within the window are an attack.
FREE_FAILURES_BY_NAME: Final = 20
PAUSE_BY_NAME: Final = timedelta(seconds=2)
# Failed sign-ins audited one by one in each window; bounds how fast an attacker can make the trail grow.
MOST_EVENTS: Final = 200
# Audited in place of a name that no account has, which may be a password typed into the wrong field.
UNKNOWN: Final = "unknown"


@dataclass(frozen=True)
class Attempts:
    """The name and address of sign-in attempts. `user` is the account of that name, if any."""

    username: str
    address: str
    user: User | None

    @property
    def actor(self) -> Actor:
        """Return the audit actor for the attempts."""
        return Actor(self.username if self.user else UNKNOWN, address=self.address)


def reserve(session: Session, attempts: Attempts) -> int | None:
    """Count an attempt as failed before it is made. If it is refused, return the seconds until the next is allowed."""
    locks.acquire(session, Lock.SIGN_IN_ATTEMPTS)
    now = utc_now()
    _close_windows(session, now)
    windows = _windows(session, attempts, now)
    counted = [
        row for row in windows.values() if row.scope is not AttemptScope.NAME or not _is_known_place(session, attempts)
    ]
    until = max((at for row in counted if (at := blocked_until(row, now)) is not None), default=None)
    if until is not None:
        for row in windows.values():
            row.refused_count += 1
        if windows[AttemptScope.PAIR].refused_count == 1:
            _note(session, windows[AttemptScope.EVERYONE], attempts, guessing=True)
        return max(1, math.ceil((until - now).total_seconds()))
    for row in windows.values():
        row.failure_count += 1
    windows[AttemptScope.NAME].next_at = now + PAUSE_BY_NAME
    return None


def confirm(session: Session, attempts: Attempts) -> None:
    """Confirm that the reserved attempt failed."""
    locks.acquire(session, Lock.SIGN_IN_ATTEMPTS)
    _note(session, _windows(session, attempts, utc_now())[AttemptScope.EVERYONE], attempts, guessing=False)


def release(session: Session, attempts: Attempts) -> None:
    """Uncount the reserved attempt: it succeeded, or was not made."""
    locks.acquire(session, Lock.SIGN_IN_ATTEMPTS)
    for row in _windows(session, attempts, utc_now()).values():
        row.failure_count = max(0, row.failure_count - 1)
        row.next_at = None


def forget(session: Session, attempts: Attempts) -> None:
    """Reset the failures of this name from this address after a successful sign-in."""
    release(session, attempts)
    row = _windows(session, attempts, utc_now())[AttemptScope.PAIR]
    row.failure_count = row.refused_count = 0


def lift(session: Session, attempts_id: str, actor: Actor) -> None:
    """Lift a lockout by an admin's decision. Raises NotFoundError if it no longer exists."""
    locks.acquire(session, Lock.SIGN_IN_ATTEMPTS)
    row = session.get(SignInAttempts, attempts_id)
    if row is None or row.scope is AttemptScope.EVERYONE or row.expires_at <= utc_now():
        raise NotFoundError("there is no such lockout; it may have ended")
    session.delete(row)
    named = row.username if row.username and users.by_username(session, row.username) else None
    record(session, AuditTag.LOCKOUT_LIFTED, actor, scope=row.scope, username=named, address=row.address or None)


def refused_until(row: SignInAttempts) -> datetime | None:
    """Return until when this window delays or blocks sign-ins, or None."""
    slowed = row.scope is AttemptScope.NAME and row.failure_count >= FREE_FAILURES_BY_NAME
    locked = row.failure_count >= MOST_FAILURES.get(row.scope, math.inf)
    return row.expires_at if slowed or locked else None


def blocked_until(row: SignInAttempts, now: datetime) -> datetime | None:
    """Return until when this window refuses attempts, or None."""
    most = MOST_FAILURES.get(row.scope)
    if most is not None and row.failure_count >= most:
        return row.expires_at
    slowed = row.scope is AttemptScope.NAME and row.failure_count >= FREE_FAILURES_BY_NAME
    return row.next_at if slowed and row.next_at is not None and row.next_at > now else None


def _windows(session: Session, attempts: Attempts, now: datetime) -> dict[AttemptScope, SignInAttempts]:
    network = network_of(attempts.address)
    keys = {
        AttemptScope.EVERYONE: ("", ""),
        AttemptScope.ADDRESS: ("", network),
        AttemptScope.NAME: (attempts.username, ""),
        AttemptScope.PAIR: (attempts.username, network),
    }
    return {scope: sign_in_attempts.window_of(session, scope, *key, now, WINDOW) for scope, key in keys.items()}


def _is_known_place(session: Session, attempts: Attempts) -> bool:
    return attempts.user is not None and users.is_signed_in_from(session, attempts.user.id, attempts.address)


def _note(session: Session, everyone: SignInAttempts, attempts: Attempts, *, guessing: bool) -> None:
    if everyone.event_count < MOST_EVENTS:
        everyone.event_count += 1
        record(session, AuditTag.SIGN_IN_FAILED, attempts.actor, guessing=guessing)


def _close_windows(session: Session, now: datetime) -> None:
    """Remove ended windows; audit a summary of the failures that were not audited one by one."""
    addresses = sign_in_attempts.address_count(session)
    for row in sign_in_attempts.expired(session, now):
        if row.scope is AttemptScope.EVERYONE and row.failure_count + row.refused_count > row.event_count:
            record(
                session,
                AuditTag.SIGN_INS_FAILED,
                Actor(UNKNOWN),
                failure_count=row.failure_count,
                refused_count=row.refused_count,
                address_count=addresses,
                began_at=row.began_at.isoformat(),
                ended_at=row.expires_at.isoformat(),
            )
        session.delete(row)
    session.flush()
