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
from gateway.db.models import SignInTries, TriesScope, User
from gateway.db.repositories import sign_in_tries, users

WINDOW: Final = timedelta(minutes=15)
MOST_FAILURES: Final = {TriesScope.PAIR: 10, TriesScope.ADDRESS: 50}
# A person mistypes a few times; twenty failures on one name within the window are somebody's work.
FREE_FAILURES_BY_NAME: Final = 20
PAUSE_BY_NAME: Final = timedelta(seconds=2)
# Events of failed sign-ins in one window. Four times that a day is the most anybody can make the trail grow by them.
MOST_EVENTS: Final = 200
# In the trail in place of a name that no account has: it is the guesser's choice, or a password typed into the wrong field.
UNKNOWN: Final = "unknown"


@dataclass(frozen=True)
class Tries:
    """Whose tries they are. `user` is the account of that name, if there is one."""

    username: str
    address: str
    user: User | None

    @property
    def actor(self) -> Actor:
        """Who tries, as the audit trail names them."""
        return Actor(self.username if self.user else UNKNOWN, address=self.address)


def reserve(session: Session, tries: Tries) -> int | None:
    """Count a try as failed before it is made. Where it may not be made: in how many seconds it may, and it is refused."""
    locks.acquire(session, Lock.SIGN_IN_TRIES)
    now = utc_now()
    _close_windows(session, now)
    windows = _windows(session, tries, now)
    counted = [
        row for row in windows.values() if row.scope is not TriesScope.NAME or not _is_known_place(session, tries)
    ]
    until = max((at for row in counted if (at := blocked_until(row, now)) is not None), default=None)
    if until is not None:
        for row in windows.values():
            row.refused_count += 1
        if windows[TriesScope.PAIR].refused_count == 1:
            _note(session, windows[TriesScope.EVERYONE], tries, guessing=True)
        return max(1, math.ceil((until - now).total_seconds()))
    for row in windows.values():
        row.failure_count += 1
    windows[TriesScope.NAME].next_at = now + PAUSE_BY_NAME
    return None


def confirm(session: Session, tries: Tries) -> None:
    """The reserved try has failed."""
    locks.acquire(session, Lock.SIGN_IN_TRIES)
    _note(session, _windows(session, tries, utc_now())[TriesScope.EVERYONE], tries, guessing=False)


def release(session: Session, tries: Tries) -> None:
    """The reserved try was right, or was never made: it does not count."""
    locks.acquire(session, Lock.SIGN_IN_TRIES)
    for row in _windows(session, tries, utc_now()).values():
        row.failure_count = max(0, row.failure_count - 1)
        row.next_at = None


def forget(session: Session, tries: Tries) -> None:
    """The user has signed in: earlier failures of that name from there were slips."""
    release(session, tries)
    row = _windows(session, tries, utc_now())[TriesScope.PAIR]
    row.failure_count = row.refused_count = 0


def lift(session: Session, tries_id: str, actor: Actor) -> None:
    """Forget what was counted, on an admin's word. NotFoundError when nothing is counted there any more."""
    locks.acquire(session, Lock.SIGN_IN_TRIES)
    row = session.get(SignInTries, tries_id)
    if row is None or row.scope is TriesScope.EVERYONE or row.expires_at <= utc_now():
        raise NotFoundError("there is no such lock-out; it may have ended")
    session.delete(row)
    named = row.username if row.username and users.by_username(session, row.username) else None
    record(session, AuditTag.LOCKOUT_LIFTED, actor, scope=row.scope, username=named, address=row.address or None)


def refused_until(row: SignInTries) -> datetime | None:
    """Until when this window holds people up, if only by a pause between tries; None while it does not."""
    slowed = row.scope is TriesScope.NAME and row.failure_count >= FREE_FAILURES_BY_NAME
    locked = row.failure_count >= MOST_FAILURES.get(row.scope, math.inf)
    return row.expires_at if slowed or locked else None


def blocked_until(row: SignInTries, now: datetime) -> datetime | None:
    """Until when tries of this window are refused; None while they are not."""
    most = MOST_FAILURES.get(row.scope)
    if most is not None and row.failure_count >= most:
        return row.expires_at
    slowed = row.scope is TriesScope.NAME and row.failure_count >= FREE_FAILURES_BY_NAME
    return row.next_at if slowed and row.next_at is not None and row.next_at > now else None


def _windows(session: Session, tries: Tries, now: datetime) -> dict[TriesScope, SignInTries]:
    network = network_of(tries.address)
    keys = {
        TriesScope.EVERYONE: ("", ""),
        TriesScope.ADDRESS: ("", network),
        TriesScope.NAME: (tries.username, ""),
        TriesScope.PAIR: (tries.username, network),
    }
    return {scope: sign_in_tries.window_of(session, scope, *key, now, WINDOW) for scope, key in keys.items()}


def _is_known_place(session: Session, tries: Tries) -> bool:
    return tries.user is not None and users.is_signed_in_from(session, tries.user.id, tries.address)


def _note(session: Session, everyone: SignInTries, tries: Tries, *, guessing: bool) -> None:
    if everyone.event_count < MOST_EVENTS:
        everyone.event_count += 1
        record(session, AuditTag.SIGN_IN_FAILED, tries.actor, guessing=guessing)


def _close_windows(session: Session, now: datetime) -> None:
    """Remove windows that have ended; of everyone's, sum up what the trail was not told one by one."""
    addresses = sign_in_tries.address_count(session)
    for row in sign_in_tries.expired(session, now):
        if row.scope is TriesScope.EVERYONE and row.failure_count + row.refused_count > row.event_count:
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
