"""The timers: what is over is marked, waits for its grace, and is taken back when its ground is gone."""

from datetime import timedelta

import pytest
from sqlmodel import select

from gateway.audit import Actor
from gateway.core.policy.retention import PurgeState
from gateway.core.work import TASK_RUN, StageName, WorkState
from gateway.db.columns import utc_now
from gateway.db.models import AuditEvent, Recording
from gateway.db.repositories import purges, stages
from gateway.retention import holding
from tests.parts.recordings import ignore_job
from tests.parts.retention import add_user, archived_recording, mark, purge_of, set_default, task_of
from workers.purge.due import advance_purges, apply_policies
from workers.running.work import WorkerContext


@pytest.fixture
def recording(context: WorkerContext) -> Recording:
    return archived_recording(context)


@pytest.fixture
def cora(context: WorkerContext) -> Actor:
    return add_user(context.database)


def over(context: WorkerContext) -> None:
    set_default(context.database, retain_for_days=0, delete_after_days=0)


def state_of(context: WorkerContext, recording: Recording) -> PurgeState | None:
    purge = purge_of(context, recording)
    return purge.state if purge else None


def make_due(context: WorkerContext, recording: Recording) -> None:
    with context.database.write() as session:
        purge = purges.under_way(session, recording.id)
        assert purge is not None
        purge.due_at = utc_now() - timedelta(seconds=1)
        session.add(purge)


def test_what_is_over_is_marked_once_and_goes_when_its_grace_is_over(
    context: WorkerContext, recording: Recording
) -> None:
    advance_purges(context, ignore_job)
    assert state_of(context, recording) is None, "its policy never deletes"
    over(context)
    advance_purges(context, ignore_job)
    advance_purges(context, ignore_job)
    purge = purge_of(context, recording)
    assert purge is not None
    assert (purge.state, purge.marked_by, task_of(context, recording)) == (PurgeState.MARKED, None, None)
    assert timedelta(days=13) < purge.due_at - utc_now() <= timedelta(days=14)
    assert purge.reason == "Default: deleted 0 days after the session's end"
    make_due(context, recording)
    sent: list[tuple[str, ...]] = []
    advance_purges(context, lambda *job: sent.append(job))
    advance_purges(context, lambda *job: sent.append(job))
    task = task_of(context, recording)
    assert task is not None
    assert sent == [(TASK_RUN, task.id)], "once"
    with context.database.read() as session:
        tags = session.exec(select(AuditEvent.tag).where(AuditEvent.subject_id == recording.id)).all()
    assert tags.count("worker:purge:marked") == 1


def test_a_policy_that_keeps_it_longer_takes_its_mark_back(context: WorkerContext, recording: Recording) -> None:
    over(context)
    advance_purges(context, ignore_job)
    set_default(context.database, retain_for_days=365, delete_after_days=395)
    assert apply_policies(context) == 0
    advance_purges(context, ignore_job)
    purge = purge_of(context, recording)
    assert purge is not None
    assert (purge.state, purge.ended_by_name) == (PurgeState.CANCELLED, "retention policy")


def test_a_persons_mark_waits_for_a_policy_that_keeps_it_longer(
    context: WorkerContext, recording: Recording, cora: Actor
) -> None:
    mark(context, recording, cora)
    set_default(context.database, retain_for_days=365)
    advance_purges(context, ignore_job)
    purge = purge_of(context, recording)
    assert purge is not None
    assert purge.state is PurgeState.MARKED
    assert "Default keeps it until" in purge.waiting_for
    assert task_of(context, recording) is None


def test_what_is_held_is_not_marked_until_it_is_released(
    context: WorkerContext, recording: Recording, cora: Actor
) -> None:
    with context.database.write() as session:
        [hold] = holding.place(session, [recording.id], "lawsuit", "", cora, ignore_job)
    over(context)
    advance_purges(context, ignore_job)
    assert state_of(context, recording) is None
    with context.database.write() as session:
        holding.release(session, hold.id, "settled", cora, ignore_job)
    advance_purges(context, ignore_job)
    assert state_of(context, recording) is PurgeState.MARKED


def test_what_is_worked_on_waits(context: WorkerContext, recording: Recording, cora: Actor) -> None:
    mark(context, recording, cora)
    with context.database.write() as session:
        stage = stages.of_recording(session, recording.id)[StageName.OCR]
        stage.state = WorkState.PENDING
        session.add(stage)
    advance_purges(context, ignore_job)
    purge = purge_of(context, recording)
    assert purge is not None
    assert purge.waiting_for == "it is being worked on (stage ocr is pending)"
