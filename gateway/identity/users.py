"""Rules on accounts. Callers: the endpoints, `reelgate user add`, the demo."""

from sqlmodel import Session, col, func, select

from gateway.api.users.schemas import LockoutOut, UserChange, UserNew
from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError, NotFoundError
from gateway.core.policy.access import Role
from gateway.db.columns import utc_now
from gateway.db.models import User
from gateway.db.repositories import sign_in_tries, users
from gateway.identity import sign_in_limits as limits
from gateway.identity.passwords import hash_password


def lockouts(session: Session) -> list[LockoutOut]:
    """Tries that are refused now, the newest first."""
    now = utc_now()
    return [
        LockoutOut(
            id=row.id,
            scope=row.scope,
            username=user.username if user else None,
            address=row.address or None,
            failure_count=row.failure_count,
            refused_count=row.refused_count,
            until=until,
        )
        for row, user in sign_in_tries.current(session, now)
        if (until := limits.refused_until(row)) is not None
    ]


def create(session: Session, new: UserNew, actor: Actor, password_hash: str | None = None) -> User:
    """Add an account; ConflictError when the name is taken. Without `password_hash` the password is hashed here."""
    if users.by_username(session, new.username) is not None:
        raise ConflictError(f"there is a user {new.username} already")
    user = User(
        username=new.username,
        display_name=new.display_name,
        role=new.role,
        password_hash=password_hash or hash_password(new.password),
    )
    session.add(user)
    record(session, AuditTag.USER_CREATED, actor, subject_id=user.id, username=user.username, role=user.role)
    return user


def change(session: Session, user_id: str, wanted: UserChange, actor: Actor, password_hash: str | None = None) -> User:
    """Change an account; `password_hash` as in `create`. The last enabled admin cannot be disabled or demoted (ConflictError)."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError("there is no such user")
    loses_admin = user.role is Role.ADMIN and (wanted.disabled or wanted.role not in {None, Role.ADMIN})
    if loses_admin and user.disabled_at is None and _enabled_admins(session) <= 1:
        raise ConflictError("this is the last admin; make another one first")
    if wanted.display_name is not None:
        user.display_name = wanted.display_name
    if wanted.role is not None:
        user.role = wanted.role
    if wanted.password is not None:
        user.password_hash = password_hash or hash_password(wanted.password)
    if wanted.disabled is not None:
        user.disabled_at = utc_now() if wanted.disabled else None
    if wanted.password is not None or wanted.disabled or wanted.role is not None:
        users.end_sign_ins(session, user_id=user.id)
    session.add(user)
    changed = sorted(wanted.model_fields_set)
    record(session, AuditTag.USER_CHANGED, actor, subject_id=user.id, username=user.username, fields=changed)
    return user


def _enabled_admins(session: Session) -> int:
    query = select(func.count()).where(User.role == Role.ADMIN, col(User.disabled_at).is_(None))
    return session.exec(query).one()
