"""How often a sign-in may be tried: counted in the database before a password is looked at, so that no race gets around it.

Three counts over a window of a quarter of an hour. One name from one address: ten failures, then that pair waits. One
address, whatever names it tries: fifty, then that address waits. One name, from wherever: after twenty, one try every two
seconds, and none of this for an address where that user is signed in. So nobody can lock another person out, and neither
many names from one address nor many addresses on one name get far.

The trail gets an event for each failure up to a number; beyond it, one event that sums the window up.
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
# A person mistypes a few times; twenty failures on one name within the window are somebody's work.
FREE_FAILURES_BY_NAME: Final = 20
PAUSE_BY_NAME: Final = timedelta(seconds=2)
# Events of failed sign-ins in one window. Four times that a day is the most anybody can make the trail grow by them.
MOST_EVENTS: Final = 200
# In the trail in place of a name that no account has: it is the guesser's choice, or a password typed into the wrong field.
UNKNOWN: Final = "unknown"


@dataclass(frozen=True)
class Attempts:
    """Whose attempts they are. `user` is the account of that name, if there is one."""

    username: str
    address: str
    user: User | None

    @property
    def actor(self) -> Actor:
        """Who tries, as the audit trail names them."""
        return Actor(self.username if self.user else UNKNOWN, address=self.address)


def reserve(session: Session, attempts: Attempts) -> int | None:
    """Count a try as failed before it is made. Where it may not be made: in how many seconds it may, and it is refused."""
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
    """The reserved try has failed."""
    locks.acquire(session, Lock.SIGN_IN_ATTEMPTS)
    _note(session, _windows(session, attempts, utc_now())[AttemptScope.EVERYONE], attempts, guessing=False)


def release(session: Session, attempts: Attempts) -> None:
    """The reserved try was right, or was never made: it does not count."""
    locks.acquire(session, Lock.SIGN_IN_ATTEMPTS)
    for row in _windows(session, attempts, utc_now()).values():
        row.failure_count = max(0, row.failure_count - 1)
        row.next_at = None


def forget(session: Session, attempts: Attempts) -> None:
    """The user has signed in: earlier failures of that name from there were slips."""
    release(session, attempts)
    row = _windows(session, attempts, utc_now())[AttemptScope.PAIR]
    row.failure_count = row.refused_count = 0


def lift(session: Session, attempts_id: str, actor: Actor) -> None:
    """Forget what was counted, on an admin's word. NotFoundError when nothing is counted there any more."""
    locks.acquire(session, Lock.SIGN_IN_ATTEMPTS)
    row = session.get(SignInAttempts, attempts_id)
    if row is None or row.scope is AttemptScope.EVERYONE or row.expires_at <= utc_now():
        raise NotFoundError("there is no such lock-out; it may have ended")
    session.delete(row)
    named = row.username if row.username and users.by_username(session, row.username) else None
    record(session, AuditTag.LOCKOUT_LIFTED, actor, scope=row.scope, username=named, address=row.address or None)


def refused_until(row: SignInAttempts) -> datetime | None:
    """Until when this window holds people up, if only by a pause between attempts; None while it does not."""
    slowed = row.scope is AttemptScope.NAME and row.failure_count >= FREE_FAILURES_BY_NAME
    locked = row.failure_count >= MOST_FAILURES.get(row.scope, math.inf)
    return row.expires_at if slowed or locked else None


def blocked_until(row: SignInAttempts, now: datetime) -> datetime | None:
    """Until when attempts of this window are refused; None while they are not."""
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
    """Remove windows that have ended; of everyone's, sum up what the trail was not told one by one."""
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
