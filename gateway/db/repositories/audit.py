"""Lists of audit events: the whole trail, and events about one recording. Only `gateway.audit` writes rows."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import String, cast, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from gateway.db.models import AccessSession, AuditEvent, AuditMention, Recording, Target
from gateway.db.paging import Page, page_of

_BATCH: Final = 1000


class SubjectKind(StrEnum):
    """What an event is about, where there is a page for it."""

    RECORDING = "recording"
    SESSION = "session"
    TARGET = "target"


@dataclass(frozen=True)
class EventFilter:
    """The filter of a list. `text` is searched for in actor, address, subject and details, ignoring case."""

    tags: Collection[str] = field(default_factory=tuple)
    actor: str | None = None
    subject_id: str | None = None
    text: str | None = None
    after: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True)
class Subject:
    """What an event is about. A session also has its recording, whose page is shown."""

    kind: SubjectKind
    name: str
    recording_id: str | None = None
    recording_kind: str | None = None


def events(session: Session, wanted: EventFilter, *, limit: int, cursor: str | None) -> Page[AuditEvent]:
    """Return a page of the audit trail, newest first."""
    query = _narrow(select(AuditEvent), wanted)
    return page_of(session, query, at=col(AuditEvent.at), key=col(AuditEvent.id), limit=limit, cursor=cursor)


def custody(
    session: Session, recording: Recording, wanted: EventFilter, *, limit: int, cursor: str | None
) -> Page[AuditEvent]:
    """Return a page of the events that concern a recording, newest first."""
    query = _narrow(_of_recording(recording), wanted)
    return page_of(session, query, at=col(AuditEvent.at), key=col(AuditEvent.id), limit=limit, cursor=cursor)


def whole_custody(session: Session, recording: Recording, wanted: EventFilter) -> Iterator[AuditEvent]:
    """Return all events that concern a recording, oldest first."""
    query = _narrow(_of_recording(recording), wanted).order_by(col(AuditEvent.id))
    last_id = 0
    while rows := session.exec(query.where(col(AuditEvent.id) > last_id).limit(_BATCH)).all():
        yield from rows
        last_id = rows[-1].id or 0


def subjects(session: Session, ids: Iterable[str | None]) -> dict[str, Subject]:
    """Return the subjects of these events for which there is a page."""
    wanted = sorted({one for one in ids if one})
    found: dict[str, Subject] = {}
    for key, name in session.exec(select(Target.id, Target.name).where(col(Target.id).in_(wanted))):
        found[key] = Subject(SubjectKind.TARGET, name)
    recorded = select(AccessSession.id, AccessSession.target_name, Recording.id, Recording.kind).outerjoin(
        Recording, col(Recording.session_id) == col(AccessSession.id)
    )
    for key, name, recording_id, kind in session.exec(recorded.where(col(AccessSession.id).in_(wanted))):
        found[key] = Subject(SubjectKind.SESSION, name, recording_id, kind)
    recordings = select(Recording.id, Recording.target_name, Recording.kind).where(col(Recording.id).in_(wanted))
    for key, name, kind in session.exec(recordings):
        found[key] = Subject(SubjectKind.RECORDING, name, key, kind)
    return found


def _of_recording(recording: Recording) -> SelectOfScalar[AuditEvent]:
    """Return the condition for the recording's events, those of its session, and those that name it in details."""
    own = [key for key in (recording.id, recording.session_id) if key]
    named = select(AuditMention.event_id).where(AuditMention.recording_id == recording.id)
    return select(AuditEvent).where(or_(col(AuditEvent.subject_id).in_(own), col(AuditEvent.id).in_(named)))


def _narrow(query: SelectOfScalar[AuditEvent], wanted: EventFilter) -> SelectOfScalar[AuditEvent]:
    if wanted.tags:
        query = query.where(col(AuditEvent.tag).in_(list(wanted.tags)))
    if wanted.actor:
        query = query.where(col(AuditEvent.actor_name).icontains(wanted.actor, autoescape=True))
    if wanted.subject_id:
        query = query.where(AuditEvent.subject_id == wanted.subject_id)
    if wanted.after:
        query = query.where(AuditEvent.at >= wanted.after)
    if wanted.before:
        query = query.where(AuditEvent.at < wanted.before)
    if wanted.text:
        details = cast(AuditEvent.details, String)
        looked_at = (col(AuditEvent.actor_name), col(AuditEvent.address), col(AuditEvent.subject_id), details)
        found = [column.icontains(wanted.text, autoescape=True) for column in looked_at]
        # SQLite stores JSON with all characters beyond ASCII escaped, and ignores case in ASCII only.
        spellings = {json.dumps(text)[1:-1] for text in (wanted.text, wanted.text.lower(), wanted.text.upper())}
        found += [details.icontains(spelt, autoescape=True) for spelt in spellings]
        query = query.where(or_(*found))
    return query
