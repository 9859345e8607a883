"""Check the audit trail: verify each link, sign its end, and store the result.

Used by `reelgate audit verify`, the timer (`audit.check`: new events every minute, everything once a day) and the audit
page (`state`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import Final

from sqlmodel import Session

from gateway.audit import checkpoints
from gateway.audit.heads import FoundHeads, Heads
from gateway.audit.trail import links
from gateway.core.trail import Break, BreakKind, Chain, Claim, Link
from gateway.db.database import Database
from gateway.db.models import AuditCheck, AuditCheckpoint, AuditEvent
from gateway.db.repositories import audit_chain
from gateway.keys.signing import Signer
from gateway.keys.site import public_keys

Progress = Callable[[int, int], None]
"""Receives the number of checked events and the approximate total."""

# Reporting progress costs more than verifying one link.
_TELL_EVERY: Final = 1000


@dataclass(frozen=True)
class TrailState:
    """Sound up to `sound_event_id` as far as checked; `whole` is the newest check that started at the first event."""

    event_count: int
    head_event_id: int
    sound_event_id: int
    checked_at: datetime | None
    broken: AuditCheck | None
    whole: AuditCheck | None


def check(
    database: Database,
    signer: Signer,
    requested_by: str,
    *,
    since: Claim | None = None,
    heads: Heads | None = None,
    progress: Progress = lambda _done, _total: None,
) -> AuditCheck:
    """Check the whole trail, or events after a checkpoint; sign its end and store the result.

    `heads` are those stored outside the database: the trail must have them, and the new one is added there.
    """
    start = since.event_id if since else 0
    outside = _outside(database, heads)
    behind = [claim for claim in outside.claims if claim.event_id > start or not claim.is_signed]
    before = [claim for claim in outside.claims if claim not in behind]
    claims = merge(checkpoints.claims(database, start), behind, key=lambda claim: claim.event_id)
    chain = Chain(claims, event_id=start, **({"head_hash": since.hash} if since else {}))
    denied = (_denied(database, claim) for claim in ([since, *before] if since else before))
    found = next(filter(None, denied), None) or chain.follow(_links(database, start, progress))
    row = AuditCheck(
        requested_by=requested_by,
        after_event_id=start,
        event_id=chain.event_id,
        event_count=chain.event_count,
        broken_kind=found.kind if found else None,
        broken_event_id=found.event_id if found else None,
        broken_at=found.at if found else None,
        detail=found.detail if found else "",
        outside=_said_of(outside),
        remarks=list(chain.remarks),
    )
    with database.write() as session:
        # A break is permanent; events after it need protection all the same.
        head = audit_chain.head(session) if found else (chain.event_id, chain.hash)
        checkpoints.write(session, signer, *(head or (0, "")))
        if _is_news(session, row):
            session.add(row)
        kept = checkpoints.to_keep(session)
    if heads is not None and kept is not None:
        heads.keep(kept, is_sound=found is None)
    return row


def check_new(
    database: Database, signer: Signer, requested_by: str, *, heads: Heads | None = None
) -> AuditCheck | None:
    """Check events since the newest checkpoint, or all if it is not signed; None if there are none."""
    with database.read() as session:
        last = audit_chain.newest_checkpoint(session)
        head = audit_chain.head_event_id(session)
    newest = _outside(database, heads).newest
    if last is not None and last.event_id == head and (newest is None or newest.event_id <= head):
        return None
    claim = next(checkpoints.claims(database, last.event_id - 1), None) if last else None
    return check(database, signer, requested_by, since=claim if claim and claim.is_signed else None, heads=heads)


def _outside(database: Database, heads: Heads | None) -> FoundHeads:
    if heads is None:
        return FoundHeads(())
    with database.read() as session:
        keys = public_keys(session)
    return heads.found(keys)


def _said_of(outside: FoundHeads) -> str:
    """Describe the newest head outside the database, and the places that could not be checked."""
    newest = outside.newest
    said = f"event {newest.event_id} of {newest.at:%Y-%m-%d %H:%M:%S}Z in {newest.place}" if newest else ""
    return "; ".join(part for part in (said, outside.stamp, outside.trouble) if part)


def state(session: Session) -> TrailState:
    """Return what is known about the trail without checking it."""
    last = audit_chain.newest_checkpoint(session)
    newest = audit_chain.newest_check(session)
    broken = newest if newest is not None and newest.broken_kind is not None else None
    return TrailState(
        event_count=audit_chain.event_count(session),
        head_event_id=audit_chain.head_event_id(session),
        sound_event_id=_sound_up_to(last, broken),
        checked_at=max((at for at in (last and last.at, newest and newest.at) if at), default=None),
        broken=broken,
        whole=audit_chain.newest_check(session, is_whole=True),
    )


def _sound_up_to(last: AuditCheckpoint | None, broken: AuditCheck | None) -> int:
    if broken is not None:
        return max(0, (broken.broken_event_id or 1) - 1)
    return last.event_id if last else 0


def _denied(database: Database, claim: Claim) -> Break | None:
    """Say why the trail does not have the event a checkpoint names."""
    with database.read() as session:
        event = session.get(AuditEvent, claim.event_id)
        head = audit_chain.head_event_id(session)
    if event is None:
        kind = BreakKind.CUT if head < claim.event_id else BreakKind.REMOVED
        return Break(kind, claim.event_id, claim.at, f"the {claim} names an event that is missing")
    if event.hash != claim.hash:
        return Break(BreakKind.CHANGED, claim.event_id, event.at, f"the {claim} has another hash for it")
    return None


def _links(database: Database, after_event_id: int, progress: Progress) -> Iterator[Link]:
    with database.read() as session:
        total = audit_chain.event_count(session, after_event_id)
    for number, link in enumerate(links(database, after_event_id), 1):
        yield link
        if number % _TELL_EVERY == 0 or number == total:
            progress(number, max(number, total))


def _is_news(session: Session, row: AuditCheck) -> bool:
    """Whether to store a check of new events: only if it found a new break, because one runs every minute."""
    if row.after_event_id == 0:
        return True
    last = audit_chain.newest_check(session)
    known = last is not None and (last.broken_kind, last.broken_event_id) == (row.broken_kind, row.broken_event_id)
    return row.broken_kind is not None and not known
