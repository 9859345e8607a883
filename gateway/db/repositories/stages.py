"""Queries on the stages of a recording. What is due, and in which order, is in `gateway.db.repositories.queue`."""

from sqlmodel import Session, col, func, select

from gateway.core.recording.kinds import kind_of
from gateway.core.work import STAGE_ORDER, Priority, StageName, WorkState
from gateway.db.models import Recording, Stage


def ensure(session: Session, recording: Recording, priority: Priority = Priority.LIVE) -> None:
    """Add the stages of the recording's kind that have no row yet."""
    present = of_recording(session, recording.id)
    missing = [name for name in kind_of(recording.kind).stages if name not in present]
    session.add_all(Stage(recording_id=recording.id, name=name, priority=priority) for name in missing)
    session.flush()


def of_recording(session: Session, recording_id: str, *, lock: bool = False) -> dict[StageName, Stage]:
    """Return the stages of one recording, in order; with `lock`, no other writer changes them in this transaction.

    All are locked, in one order, so that two who want several of them cannot block each other.
    """
    query = select(Stage).where(Stage.recording_id == recording_id).order_by(col(Stage.id))
    rows = session.exec(query.with_for_update() if lock else query).all()
    return {row.name: row for row in sorted(rows, key=lambda row: STAGE_ORDER.index(row.name))}


def unfinished_counts(session: Session) -> dict[tuple[StageName, WorkState], int]:
    """Count the stages that are not done, by name and state."""
    query = select(Stage.name, Stage.state, func.count()).where(Stage.state != WorkState.DONE)
    rows = session.exec(query.group_by(Stage.name, Stage.state))
    return {(StageName(name), WorkState(state)): count for name, state, count in rows}


def failed(session: Session, name: StageName | None = None) -> list[tuple[str, StageName]]:
    """Return recordings in which a stage failed, each with the first that did; `name`: only if it is this one."""
    query = select(Stage.recording_id, Stage.name).where(Stage.state == WorkState.FAILED)
    first: dict[str, StageName] = {}
    for recording_id, found in session.exec(query.order_by(col(Stage.recording_id))):
        stage = StageName(found)
        first[recording_id] = min(first.get(recording_id, stage), stage, key=STAGE_ORDER.index)
    return [(recording_id, stage) for recording_id, stage in first.items() if name in {None, stage}]
