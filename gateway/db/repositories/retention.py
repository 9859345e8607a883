"""Queries on retention policies and on the recordings they apply to."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select, update

from gateway.core.errors import NotFoundError
from gateway.core.policy.retention import Policy, RiskClass, Subject
from gateway.core.recording.states import RecordingState, Tier
from gateway.core.work import StageName, TaskKind, WorkState
from gateway.db.models import ArchiveObject, Hold, Recording, RetentionPolicy, Stage, Target, Task

# Rows read at a time in a pass over all recordings.
_BATCH: Final = 2000
# An open recording has no end to count from yet, and a purged one has nothing left to keep.
KEPT: Final = (RecordingState.SEALED, RecordingState.ARCHIVED, RecordingState.BROKEN)


def get(session: Session, policy_id: str) -> RetentionPolicy:
    """Return the policy, locked to the end of the transaction. Raises NotFoundError, also for a removed one."""
    query = select(RetentionPolicy).where(RetentionPolicy.id == policy_id, col(RetentionPolicy.removed_at).is_(None))
    policy = session.exec(query.with_for_update()).one_or_none()
    if policy is None:
        raise NotFoundError("there is no such retention policy")
    return policy


def by_name(session: Session, name: str) -> RetentionPolicy | None:
    """Return the policy of this name, even if it was removed."""
    return session.exec(select(RetentionPolicy).where(RetentionPolicy.name == name)).one_or_none()


def in_force(session: Session) -> list[Policy]:
    """All that were not removed."""
    return [policy_of(row) for row, _target in listed(session)]


def listed(session: Session) -> list[tuple[RetentionPolicy, str | None]]:
    """Return all policies that were not removed, by name, each with its target's name."""
    query = (
        select(RetentionPolicy, Target.name)
        .outerjoin(Target, col(Target.id) == RetentionPolicy.target_id)
        .where(col(RetentionPolicy.removed_at).is_(None))
        .order_by(col(RetentionPolicy.name))
    )
    return [(row, target) for row, target in session.exec(query)]


def first_with_object_lock(session: Session) -> str | None:
    """Return the name of a policy in force that locks archived objects, None if none does."""
    query = select(RetentionPolicy.name).where(
        col(RetentionPolicy.object_lock), col(RetentionPolicy.removed_at).is_(None)
    )
    return session.exec(query.order_by(col(RetentionPolicy.name)).limit(1)).first()


def policy_of(row: RetentionPolicy) -> Policy:
    """Convert the row to the value that decisions use."""
    return Policy(
        id=row.id,
        name=row.name,
        retain_for_days=row.retain_for_days,
        delete_after_days=row.delete_after_days,
        target_id=row.target_id,
        target_group=row.target_group,
        risk_class=row.risk_class,
        hot_days=row.hot_days,
        object_lock=row.object_lock,
    )


class RetainedRecording(NamedTuple):
    """What a recording's dates follow from, and its current dates. `tiered_at`: when its tier stage last ended."""

    id: str
    kind: str
    target_id: str | None
    target_group: str
    risk_class: RiskClass
    target_name: str
    operator_name: str
    started_at: datetime
    closed_at: datetime | None
    sealed_at: datetime | None
    size_bytes: int | None
    state: RecordingState
    tier: Tier
    tiered_at: datetime | None
    hot_until_at: datetime | None
    retain_until_at: datetime | None
    purge_after_at: datetime | None

    @property
    def subject(self) -> Subject:
        """The facts by which its policy is chosen."""
        return Subject(self.target_id, self.target_group, self.risk_class)

    @property
    def ended_at(self) -> datetime:
        """The time from which its dates are counted: the session's end, or the time of the import."""
        return self.closed_at or self.sealed_at or self.started_at


def kept(session: Session) -> Iterator[RetainedRecording]:
    """Yield every recording that has an end and bytes, in batches, so that a large archive does not fill the memory."""
    names = [getattr(Recording, name) for name in RetainedRecording._fields if name != "tiered_at"]
    names.insert(RetainedRecording._fields.index("tiered_at"), Stage.finished_at)
    query = (
        select(*names)
        .outerjoin(
            Stage,
            (col(Stage.recording_id) == Recording.id)
            & (col(Stage.name) == StageName.TIER)
            & (col(Stage.state) == WorkState.DONE),
        )
        .where(col(Recording.state).in_(KEPT))
        .order_by(col(Recording.id))
        .limit(_BATCH)
    )
    last = ""
    while True:
        rows = [RetainedRecording(*row) for row in session.exec(query.where(col(Recording.id) > last))]
        yield from rows
        if len(rows) < _BATCH:
            return
        last = rows[-1].id


def set_dates(session: Session, changes: Mapping[str, Mapping[str, datetime | None]]) -> None:
    """Set columns of recordings by id, except those whose purge has begun meanwhile."""
    query = update(Recording).where(
        col(Recording.id) == bindparam("recording_id"), col(Recording.state) != RecordingState.PURGED
    )
    values = [{"recording_id": recording_id, **change} for recording_id, change in changes.items()]
    session.connection().execute(query, values)


def due_for_purge(session: Session, now: datetime) -> list[str]:
    """Return ids of recordings whose purge date has passed, in order of that date."""
    query = select(Recording.id).where(col(Recording.state).in_(KEPT), col(Recording.purge_after_at) <= now)
    return list(session.exec(query.order_by(col(Recording.purge_after_at))))


def restored(session: Session) -> set[str]:
    """Return ids of recordings that were restored to hot storage: the request says how long they stay."""
    query = select(Task.recording_id).where(Task.kind == TaskKind.RESTORE)
    return {recording_id for recording_id in session.exec(query) if recording_id is not None}


def held(session: Session) -> set[str]:
    """Return ids of recordings with an unreleased hold."""
    return set(session.exec(select(Hold.recording_id).where(col(Hold.released_at).is_(None))))


def locks(session: Session, recording_ids: Iterable[str] | None = None) -> dict[str, datetime]:
    """Until when archived objects are locked, the longest of each recording; of these recordings, or of all."""
    query = select(ArchiveObject.recording_id, func.max(ArchiveObject.locked_until_at)).where(
        col(ArchiveObject.locked_until_at).is_not(None)
    )
    if recording_ids is not None:
        query = query.where(col(ArchiveObject.recording_id).in_(list(recording_ids)))
    found = session.exec(query.group_by(col(ArchiveObject.recording_id)))
    return {recording_id: until for recording_id, until in found if until is not None}
