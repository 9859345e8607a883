"""Bodies of the audit trail."""

from datetime import datetime
from typing import Any

from gateway.api.schemas import RecordingKind, Schema, TaskOut
from gateway.core.trail import BreakKind
from gateway.db.repositories.audit import SubjectKind


class SubjectOut(Schema):
    """The subject of an event, if it has a page; for a session, also its recording."""

    kind: SubjectKind
    name: str
    recording_id: str | None
    recording_kind: RecordingKind | None


class AuditEventOut(Schema):
    """One event; `details` depends on the tag."""

    id: int
    at: datetime
    tag: str
    actor_id: str | None
    actor_name: str
    address: str
    subject_id: str | None
    subject: SubjectOut | None
    details: dict[str, Any]
    hash: str


class BreakOut(Schema):
    """Where the chain is broken: the first event that fails verification."""

    kind: BreakKind
    event_id: int
    at: datetime | None
    detail: str
    found_at: datetime


class TrailOut(Schema):
    """The state of the trail: sound up to `sound_event_id` as of `checked_at`.

       `whole_checked_at` is the last check that started at the first event.
    `task` is the newest check a user requested.
    """

    event_count: int
    head_event_id: int
    sound_event_id: int
    checked_at: datetime | None
    whole_checked_at: datetime | None
    broken: BreakOut | None
    task: TaskOut | None
