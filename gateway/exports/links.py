"""Links by which a person without an account fetches an export: made, revoked, looked at, used.

Callers: `gateway.api.exports`, in its own transactions. The secret is 256 random bits, told once; only its SHA-256 is
kept, and looked up by. Whoever has the link has the file, so it lives for hours or days, and for so many uses.
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
from gateway.db.models import Export, ExportLink
from gateway.db.repositories import exports, tasks

_SECRET_BYTES: Final = 32


class LinkProblem(StrEnum):
    """Why a link gives nothing. `unknown`: there never was such a link, or it was not copied whole."""

    UNKNOWN = "unknown"
    REVOKED = "revoked"
    EXPIRED = "expired"
    USED_UP = "used_up"


class LinkRefusedError(ReelgateError):
    """The link gives nothing."""

    def __init__(self, problem: LinkProblem) -> None:
        super().__init__(f"the link is {problem.replace('_', ' ')}")
        self.problem = problem


class Made(NamedTuple):
    """A new link and its secret, which is not kept."""

    link: ExportLink
    secret: str


def create(session: Session, export: Export, actor: Actor, *, recipient: str, hours: float, use_limit: int) -> Made:
    """A link to a finished export, no longer than its file is kept. Raises ConflictError."""
    task = tasks.get(session, export.task_id)
    now = utc_now()
    if task.state is not WorkState.DONE:
        raise ConflictError("the export is not finished yet")
    if export.removed_at is not None or export.expires_at <= now:
        raise ConflictError("the file of this export is not there any more; export it again")
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
    return Made(link, secret)


def revoke(session: Session, export: Export, link: ExportLink, actor: Actor) -> None:
    """The link gives nothing from now on."""
    if link.revoked_at is not None:
        return
    link.revoked_at = utc_now()
    session.add(link)
    _note(session, AuditTag.EXPORT_LINK_REVOKED, actor, export, link)


def look(session: Session, secret: str) -> tuple[ExportLink, Export]:
    """What a link is for. Raises LinkRefusedError."""
    link = exports.link_of_hash(session, _hash(secret))
    if link is None:
        raise LinkRefusedError(LinkProblem.UNKNOWN)
    export = exports.get(session, link.export_id)
    problem = problem_of(link, export, utc_now())
    if problem is not None:
        raise LinkRefusedError(problem)
    return link, export


def use(session: Session, secret: str, address: str) -> tuple[Export | None, LinkProblem | None]:
    """Count a use in the caller's writing transaction, with its audit event: the export, or why not.

    INVARIANT: no byte of an export leaves by a link before its use is counted and in the trail. A refusal is a value and
    not an error, because the transaction has to be committed: that somebody tried a dead link is in the trail too.
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
    """Why the link gives nothing now, or None."""
    if link.revoked_at is not None:
        return LinkProblem.REVOKED
    if link.expires_at <= now or export.expires_at <= now or export.removed_at is not None:
        return LinkProblem.EXPIRED
    return LinkProblem.USED_UP if link.use_count >= link.use_limit else None


def _note(
    session: Session, tag: AuditTag, actor: Actor, export: Export, link: ExportLink, **details: str | float
) -> None:
    about = {"export_id": export.id, "link_id": link.id, "recipient": link.recipient}
    record(session, tag, actor, subject_id=export.recording_id, **about, **details)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
