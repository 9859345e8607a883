"""Queries on stages: which recording has something to do, and who may do it.

Callers: `gateway.pipeline` and the API (rows), `workers.pipeline` (leases). Stages of a recording run one after the
other, so a recording has work when one of its stages is ready and none is held back (running, or waiting to be tried
again). `lock=True` keeps the rows from other writers to the end of the transaction.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import Session, col, select, update

from gateway.core.jobs import STAGE_ORDER, StageName, WorkState
from gateway.db.models import Stage


def ensure(session: Session, recording_id: str) -> None:
    """Make the stage rows that are missing."""
    present = of_recording(session, recording_id)
    session.add_all(Stage(recording_id=recording_id, name=name) for name in STAGE_ORDER if name not in present)
    session.flush()


def of_recording(session: Session, recording_id: str, *, lock: bool = False) -> dict[StageName, Stage]:
    """The stages of one recording, in their order."""
    query = select(Stage).where(Stage.recording_id == recording_id).order_by(col(Stage.id))
    rows = session.exec(query.with_for_update() if lock else query).all()
    return {row.name: row for row in sorted(rows, key=lambda row: STAGE_ORDER.index(row.name))}


def recordings_with_work(session: Session, now: datetime, limit: int) -> list[str]:
    """Ids of recordings whose next stage could be run now, those waiting longest first."""
    query = (
        select(Stage.recording_id)
        .where(col(Stage.state).in_([WorkState.PENDING, WorkState.RUNNING]))
        .group_by(col(Stage.recording_id))
        .having(func.sum(case((_ready(now), 0), else_=1)) == 0)
        .order_by(func.min(func.coalesce(Stage.not_before_at, Stage.lease_until_at, Stage.started_at)))
        .limit(limit)
    )
    return list(session.exec(query))


def renew(session: Session, stage_id: str, owner: str, until: datetime, progress: float) -> bool:
    """Hold on to a running stage and say how far it is (0..1); False when it is not `owner`'s any more."""
    changed = session.connection().execute(
        update(Stage)
        .where(col(Stage.id) == stage_id, col(Stage.lease_owner) == owner, col(Stage.state) == WorkState.RUNNING)
        .values(lease_until_at=until, progress=progress)
    )
    return changed.rowcount == 1


def held(session: Session, stage: Stage, owner: str) -> Stage | None:
    """The running stage as it is now, or None when it is not `owner`'s any more.

    All the recording's stages are locked, in one order, so that two who want several of them cannot block each other.
    """
    row = of_recording(session, stage.recording_id, lock=True).get(stage.name)
    if row is None or row.state is not WorkState.RUNNING or row.lease_owner != owner:
        return None
    return row


def running(session: Session) -> list[Stage]:
    """All stages in some worker's hands."""
    return list(session.exec(select(Stage).where(Stage.state == WorkState.RUNNING)))


def end_lease(session: Session, stage_id: str, owner: str, now: datetime) -> bool:
    """Let a running stage be taken at once, because its owner is known to be gone; False when it had changed hands."""
    changed = session.connection().execute(
        update(Stage)
        .where(col(Stage.id) == stage_id, col(Stage.lease_owner) == owner, col(Stage.state) == WorkState.RUNNING)
        .values(lease_until_at=now)
    )
    return changed.rowcount == 1


def is_ready(stage: Stage, now: datetime) -> bool:
    """Whether a stage that is neither done nor failed can be taken now (its worker is gone, or it is its time)."""
    due_at = stage.lease_until_at if stage.state is WorkState.RUNNING else stage.not_before_at
    return due_at is None or due_at <= now


def _ready(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(
            col(Stage.state) == WorkState.PENDING,
            or_(col(Stage.not_before_at).is_(None), col(Stage.not_before_at) <= now),
        ),
        and_(col(Stage.state) == WorkState.RUNNING, col(Stage.lease_until_at) <= now),
    )
