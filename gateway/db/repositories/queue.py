"""What is due, in the order in which workers take it, and where a recording stands in that order.

Sealing comes before everything else, because the evidence depends on it. Then follow priority and time of request. Work
whose worker was killed keeps its time, and so is first among its equals. Nothing here sorts by a column that may be
NULL: SQLite and PostgreSQL put NULLs at different ends.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select as rows_of
from sqlmodel import Session, col, select

from gateway.core.work import NUDGES, STAGE_ORDER, UNFINISHED, Queue, StageName, WorkState, stages_of
from gateway.db.models import Stage, Task
from gateway.db.models.leased import Leased
from gateway.db.repositories import leases

# The duration of work is estimated from this many stages that ended most recently.
_MEASURED_COUNT: Final = 200
_SEAL_PLACE: Final = STAGE_ORDER.index(StageName.SEAL)
_UNTIL_SEARCHABLE: Final = STAGE_ORDER[: STAGE_ORDER.index(StageName.INDEX) + 1]


@dataclass(frozen=True)
class DueWork:
    """The next stage of a recording (`id` is the recording's), or a task. `is_seal`: that stage is sealing."""

    model: type[Leased]
    id: str
    is_seal: bool
    priority: int
    since_at: datetime

    @property
    def urgency(self) -> tuple[bool, int, datetime, str]:
        """The sort key: the work taken first sorts first."""
        return not self.is_seal, self.priority, self.since_at, self.id


@dataclass(frozen=True)
class Place:
    """`ahead_count` recordings are taken before this one; in about `seconds` it can be searched.

    `seconds` is None where nothing was measured yet. Tasks are not counted, and what comes later with a higher priority
    cannot be foreseen: it is an estimate.
    """

    ahead_count: int
    seconds: float | None


def due(session: Session, now: datetime, limit: int, queues: Collection[Queue] = tuple(NUDGES)) -> list[DueWork]:
    """Return the work that workers of these queues should take now, most urgent first."""
    found = _due_stages(session, now, limit, stages_of(queues))
    if Queue.WORK in queues:
        found += _due_tasks(session, now, limit)
    return sorted(found, key=lambda work: work.urgency)[:limit]


def due_seals(session: Session, now: datetime, limit: int) -> list[DueWork]:
    """Return recordings that should be sealed now, most urgent first."""
    return _due_stages(session, now, limit, {StageName.SEAL})


def place(session: Session, recording_id: str, now: datetime, process_count: int) -> Place | None:
    """Return where the recording stands, None if none of its stages is due or running."""
    queued = _due_recordings(now).subquery()
    query = rows_of(queued).where(queued.c.recording_id == recording_id)
    mine = session.connection().execute(query).one_or_none()
    if mine is None and not _is_running(session, recording_id):
        return None
    ahead = select(queued.c.recording_id).where(_is_before(queued.c, mine)) if mine else None
    count = session.exec(select(func.count()).select_from(ahead.subquery())).one() if ahead is not None else 0
    mean = _mean_seconds(session)
    if any(name not in mean for name in _UNTIL_SEARCHABLE):
        return Place(count, None)
    # Running work occupies its share of the processes, whichever recording it belongs to.
    before_mine = [_remaining(session, mean, col(Stage.state) == WorkState.RUNNING)] if mine else []
    if ahead is not None:
        before_mine.append(_remaining(session, mean, col(Stage.recording_id).in_(ahead)))
    own = _remaining(
        session, mean, and_(col(Stage.recording_id) == recording_id, col(Stage.name).in_(_UNTIL_SEARCHABLE))
    )
    return Place(count, sum(before_mine) / process_count + own)


def _due_recordings(now: datetime) -> Any:
    """Return a query of recordings whose next stage can be taken: stages run in order, so none may be held back."""
    return (
        select(
            Stage.recording_id,
            func.min(_place_in_order()).label("next_place"),
            func.min(Stage.priority).label("priority"),
            func.max(func.coalesce(Stage.not_before_at, Stage.requested_at)).label("since_at"),
        )
        .where(col(Stage.state).in_(UNFINISHED))
        .group_by(col(Stage.recording_id))
        .having(func.sum(case((leases.due(Stage, now), 0), else_=1)) == 0)
    )


def _place_in_order() -> ColumnElement[int]:
    places = {name.value: place for place, name in enumerate(STAGE_ORDER)}
    return case(places, value=cast(col(Stage.name), String))


def _due_stages(session: Session, now: datetime, limit: int, names: Collection[StageName]) -> list[DueWork]:
    """Return recordings whose next stage is one of these."""
    queued = _due_recordings(now).subquery()
    is_wanted = queued.c.next_place.in_([STAGE_ORDER.index(name) for name in names])
    order = (
        case((queued.c.next_place == _SEAL_PLACE, 0), else_=1),
        queued.c.priority,
        queued.c.since_at,
        queued.c.recording_id,
    )
    rows = session.connection().execute(rows_of(queued).where(is_wanted).order_by(*order).limit(limit))
    return [DueWork(Stage, row.recording_id, row.next_place == _SEAL_PLACE, row.priority, row.since_at) for row in rows]


def _due_tasks(session: Session, now: datetime, limit: int) -> list[DueWork]:
    since_at = func.coalesce(Task.not_before_at, Task.requested_at)
    query = select(Task.id, Task.priority, since_at).where(leases.due(Task, now))
    rows = session.exec(query.order_by(col(Task.priority), since_at, col(Task.id)).limit(limit))
    return [DueWork(Task, row_id, False, priority, since) for row_id, priority, since in rows]


def _is_before(other: Any, mine: Any) -> ColumnElement[bool]:
    """Whether another recording is rendered and read before mine; sealing takes seconds and is left out."""
    later = and_(other.since_at == mine.since_at, other.recording_id < mine.recording_id)
    same = and_(other.priority == mine.priority, or_(other.since_at < mine.since_at, later))
    return or_(other.priority < mine.priority, same)


def _is_running(session: Session, recording_id: str) -> bool:
    query = select(Stage.id).where(Stage.recording_id == recording_id, Stage.state == WorkState.RUNNING)
    return session.exec(query.limit(1)).first() is not None


def _mean_seconds(session: Session) -> dict[StageName, float]:
    """Return the mean duration of each stage among those that ended last, with pauses between attempts."""
    query = select(Stage.name, Stage.started_at, Stage.finished_at).where(
        Stage.state == WorkState.DONE, col(Stage.started_at).is_not(None), col(Stage.finished_at).is_not(None)
    )
    taken: dict[StageName, list[float]] = defaultdict(list)
    for name, started_at, finished_at in session.exec(
        query.order_by(col(Stage.finished_at).desc()).limit(_MEASURED_COUNT)
    ):
        if started_at is not None and finished_at is not None:
            taken[StageName(name)].append((finished_at - started_at).total_seconds())
    return {name: sum(seconds) / len(seconds) for name, seconds in taken.items()}


def _remaining(session: Session, mean: dict[StageName, float], condition: ColumnElement[bool]) -> float:
    """Estimate how many seconds the unfinished stages that meet the condition take, one after the other."""
    query = select(Stage.name, func.sum(1 - Stage.progress)).where(condition, col(Stage.state).in_(UNFINISHED))
    return sum(mean.get(StageName(name), 0.0) * share for name, share in session.exec(query.group_by(col(Stage.name))))
