"""Rules for accounts."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError, NotFoundError
from gateway.core.policy.access import Action, Role, allows
from gateway.core.session import CloseReason
from gateway.db.columns import utc_now
from gateway.db.models import AttemptScope, User
from gateway.db.repositories import session_commands as running, sign_in_attempts, users
from gateway.identity import sign_in_limits as limits
from gateway.session_commands import end_all


@dataclass(frozen=True, slots=True)
class Lockout:
    """Sign-in attempts refused until a time. `username` is None if no account has that name."""

    id: str
    scope: AttemptScope
    username: str | None
    address: str | None
    failure_count: int
    refused_count: int
    until: datetime


@dataclass(frozen=True, slots=True)
class NewUser:
    """An account to create. The caller hashes the password, which is too slow for a transaction."""

    username: str
    display_name: str
    role: Role
    password_hash: str


@dataclass(frozen=True, slots=True)
class UserChanges:
    """Changes to an account; fields that are None stay as they are."""

    display_name: str | None = None
    role: Role | None = None
    password_hash: str | None = None
    disabled: bool | None = None

    def fields(self) -> list[str]:
        """Return the names of the changed fields, for the audit trail."""
        changes = {
            "disabled": self.disabled,
            "display_name": self.display_name,
            "password": self.password_hash,
            "role": self.role,
        }
        return [name for name, value in changes.items() if value is not None]


def lockouts(session: Session) -> list[Lockout]:
    """Return the current lockouts, newest first."""
    now = utc_now()
    return [
        Lockout(
            id=row.id,
            scope=row.scope,
            username=user.username if user else None,
            address=row.address or None,
            failure_count=row.failure_count,
            refused_count=row.refused_count,
            until=until,
        )
        for row, user in sign_in_attempts.current(session, now)
        if (until := limits.refused_until(row)) is not None
    ]


def create(session: Session, new: NewUser, actor: Actor) -> User:
    """Create an account. Raises ConflictError if the name is taken."""
    if users.by_username(session, new.username) is not None:
        raise ConflictError(f"a user named {new.username} already exists; choose another name")
    user = User(
        username=new.username,
        display_name=new.display_name,
        role=new.role,
        password_hash=new.password_hash,
    )
    session.add(user)
    record(session, AuditTag.USER_CREATED, actor, subject_id=user.id, username=user.username, role=user.role)
    return user


def change(session: Session, user_id: str, wanted: UserChanges, actor: Actor) -> User:
    """Change an account, and end what it no longer allows. Raises ConflictError for the last enabled admin."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError("there is no such user")
    loses_admin = user.role is Role.ADMIN and (wanted.disabled or wanted.role not in {None, Role.ADMIN})
    if loses_admin and user.disabled_at is None and users.enabled_admin_count(session) <= 1:
        raise ConflictError("this is the last enabled admin; create another one first")
    if wanted.display_name is not None:
        user.display_name = wanted.display_name
    if wanted.role is not None:
        user.role = wanted.role
    if wanted.password_hash is not None:
        user.password_hash = wanted.password_hash
    if wanted.disabled is not None:
        user.disabled_at = utc_now() if wanted.disabled else None
    if wanted.password_hash is not None or wanted.disabled or wanted.role is not None:
        users.end_sign_ins(session, user_id=user.id)
    session.add(user)
    session.flush()  # waits for a session that is being opened; the row's lock comes before the trail's, as there
    record(session, AuditTag.USER_CHANGED, actor, subject_id=user.id, username=user.username, fields=wanted.fields())
    if (why := _why_sessions_end(wanted)) is not None:
        end_all(session, running.running_of_user(session, user.id), CloseReason.ACCESS_ENDED, why, actor)
    return user


def _why_sessions_end(wanted: UserChanges) -> str | None:
    if wanted.disabled:
        return "your account was disabled"
    if wanted.role is not None and not allows(wanted.role, Action.TARGET_OPEN):
        return "your role does not allow sessions any more"
    return None if wanted.password_hash is None else "your password was changed"
