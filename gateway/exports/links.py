"""Links through which a person without an account fetches an export: create, revoke, inspect, use.

The secret is 256 random bits, shown once; only its SHA-256 is stored, and links are looked up by it. Whoever has the
link has the file, so it is valid for hours or days and a limited number of uses.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError, ReelgateError
from gateway.core.work import WorkState
from gateway.db.columns import utc_now
from gateway.db.lifetime import is_alive
from gateway.db.models import Export, ExportLink
from gateway.db.repositories import exports, tasks

_SECRET_BYTES: Final = 32


class LinkProblem(StrEnum):
    """Why a link does not work. `unknown`: there never was such a link, or it was not copied completely."""

    UNKNOWN = "unknown"
    REVOKED = "revoked"
    EXPIRED = "expired"
    USED_UP = "used_up"


class LinkRefusedError(ReelgateError):
    """The link does not work."""

    def __init__(self, problem: LinkProblem) -> None:
        super().__init__(f"the link is {problem.replace('_', ' ')}")
        self.problem = problem


class NewLink(NamedTuple):
    """A new link and its secret, which is not stored."""

    link: ExportLink
    secret: str


def create(session: Session, export: Export, actor: Actor, *, recipient: str, hours: float, use_limit: int) -> NewLink:
    """Create a link to a finished export, valid no longer than its file is kept. Raises ConflictError."""
    task = tasks.get(session, export.task_id)
    now = utc_now()
    if task.state is not WorkState.DONE:
        raise ConflictError("the export is not finished yet")
    if export.removed_at is not None or export.expires_at <= now:
        raise ConflictError("the file of this export no longer exists; export it again")
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    link = ExportLink(
        export_id=export.id,
        token_hash=_hash(secret),
        recipient=recipient,
        created_by=actor.user_id or "",
        expires_at=min(now + timedelta(hours=hours), export.expires_at),
        use_limit=use_limit,
    )
    session.add(link)
    session.flush()
    _note(session, AuditTag.EXPORT_LINK_CREATED, actor, export, link, use_limit=use_limit)
    return NewLink(link, secret)


def revoke(session: Session, export: Export, link: ExportLink, actor: Actor) -> None:
    """Revoke a link."""
    if link.revoked_at is not None:
        return
    link.revoked_at = utc_now()
    session.add(link)
    _note(session, AuditTag.EXPORT_LINK_REVOKED, actor, export, link)


def find(session: Session, secret: str) -> tuple[ExportLink, Export]:
    """Return what a link is for. Raises LinkRefusedError."""
    link = exports.link_of_hash(session, _hash(secret))
    if link is None:
        raise LinkRefusedError(LinkProblem.UNKNOWN)
    export = exports.get(session, link.export_id)
    problem = problem_of(link, export, utc_now())
    if problem is not None:
        raise LinkRefusedError(problem)
    return link, export


def use(session: Session, secret: str, address: str) -> tuple[Export | None, LinkProblem | None]:
    """Count a use in the caller's write transaction, with its audit event; return the export, or the problem.

    INVARIANT: no byte of an export leaves by a link before its use is counted and audited. A refusal is a value rather
    than an error, because the transaction must be committed: attempts to use a dead link are audited too.
    """
    link = exports.link_of_hash(session, _hash(secret), lock=True)
    if link is None:
        return None, LinkProblem.UNKNOWN
    export = exports.get(session, link.export_id)
    actor = Actor(f"link to {link.recipient}", address=address)
    problem = problem_of(link, export, utc_now())
    if problem is not None:
        _note(session, AuditTag.EXPORT_LINK_REFUSED, actor, export, link, problem=problem.value)
        return None, problem
    link.use_count += 1
    session.add(link)
    _note(session, AuditTag.EXPORT_LINK_USED, actor, export, link, use_count=link.use_count)
    return export, None


def problem_of(link: ExportLink, export: Export, now: datetime) -> LinkProblem | None:
    """Return why the link does not work now, or None."""
    if link.revoked_at is not None:
        return LinkProblem.REVOKED
    is_good = is_alive(link.created_at, link.expires_at, now)
    if not is_good or export.expires_at <= now or export.removed_at is not None:
        return LinkProblem.EXPIRED
    return LinkProblem.USED_UP if link.use_count >= link.use_limit else None


def _note(
    session: Session, tag: AuditTag, actor: Actor, export: Export, link: ExportLink, **details: str | float
) -> None:
    about = {"export_id": export.id, "link_id": link.id, "recipient": link.recipient}
    record(session, tag, actor, subject_id=export.recording_id, **about, **details)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
