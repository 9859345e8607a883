"""Orders run once, are published with their row, come again after a loss, and end with a reason."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from gateway.audit import Actor
from gateway.core.errors import InvalidInputError, ReelgateError, UnavailableError
from gateway.core.order import OrderKind
from gateway.core.work import ORDER_RUN, WorkState
from gateway.db.columns import utc_now
from gateway.db.models import Order
from gateway.db.repositories import orders, queue
from gateway.work import orders as placing
from workers.orders.runner import run_order
from workers.orders.work import OrderRunner, OrderWork
from workers.running.engine import MAX_ATTEMPTS
from workers.running.work import Publish, WorkerContext

TIMER = Actor("timer")


def place(context: WorkerContext, **parameters: Any) -> str:
    with context.database.write() as session:
        return placing.place(session, OrderKind.RECONCILE, TIMER, lambda *_: None, **parameters).id


def row(context: WorkerContext, order_id: str) -> Order:
    with context.database.read() as session:
        return orders.get(session, order_id)


def make_due(context: WorkerContext, order_id: str) -> None:
    with context.database.write() as session:
        order = orders.get(session, order_id, lock=True)
        order.not_before_at = order.lease_until_at = utc_now() - timedelta(seconds=1)
        session.add(order)


def counting(work: OrderWork) -> Publish:
    assert work.scratch.is_dir()
    work.progress(0.5)

    def publish(session: Session) -> None:
        order = orders.get(session, work.order.id)
        order.result = {"count": work.order.parameters["count"]}
        session.add(order)

    return publish


def failing(error: ReelgateError | ZeroDivisionError) -> dict[OrderKind, OrderRunner]:
    def fail(_work: OrderWork) -> Publish:
        raise error

    return {OrderKind.RECONCILE: fail}


def test_an_order_is_done_once_and_its_result_comes_with_its_row(context: WorkerContext) -> None:
    order_id = place(context, count=3)
    assert run_order(context, order_id, {OrderKind.RECONCILE: counting})
    assert not run_order(context, order_id, {OrderKind.RECONCILE: counting}), "it is done"
    done = row(context, order_id)
    assert (done.state, done.result, done.progress, done.lease_owner) == (WorkState.DONE, {"count": 3}, 1.0, None)
    assert not list(context.settings.data_dir.glob(".work/*"))


def test_the_same_order_is_not_placed_twice_and_its_job_leaves_after_commit(context: WorkerContext) -> None:
    sent: list[tuple[str, ...]] = []
    with context.database.write() as session:
        first = placing.place(session, OrderKind.RECONCILE, TIMER, lambda *job: sent.append(job), deep=True)
        second = placing.place(session, OrderKind.RECONCILE, TIMER, lambda *job: sent.append(job), deep=True)
        other = placing.place(session, OrderKind.RECONCILE, TIMER, lambda *job: sent.append(job), deep=False)
        assert not sent
        assert first.id == second.id != other.id
    assert sent == [(ORDER_RUN, first.id), (ORDER_RUN, other.id)]


def test_what_is_away_is_waited_for_and_never_given_up(context: WorkerContext) -> None:
    order_id = place(context)
    for _ in range(MAX_ATTEMPTS + 2):
        make_due(context, order_id)
        assert not run_order(context, order_id, failing(UnavailableError("the archive does not answer")))
    waiting = row(context, order_id)
    assert waiting.state is WorkState.PENDING
    assert waiting.error == "the archive does not answer"
    assert waiting.not_before_at is not None


@pytest.mark.parametrize(
    ("error", "attempts"), [(InvalidInputError("no such part"), 1), (ZeroDivisionError("oops"), MAX_ATTEMPTS)]
)
def test_a_failure_ends_it_with_its_reason(
    context: WorkerContext, error: ReelgateError | ZeroDivisionError, attempts: int
) -> None:
    order_id = place(context)
    for _ in range(attempts):
        assert row(context, order_id).state is WorkState.PENDING
        make_due(context, order_id)
        assert not run_order(context, order_id, failing(error))
    failed = row(context, order_id)
    assert failed.state is WorkState.FAILED
    assert str(error) in (failed.error or "")


def test_an_order_whose_worker_is_gone_is_taken_again_and_the_late_one_publishes_nothing(
    context: WorkerContext,
) -> None:
    order_id = place(context, count=1)

    def overtaken(work: OrderWork) -> Publish:
        with context.database.write() as session:
            order = orders.get(session, order_id, lock=True)
            order.lease_owner = "another-host:1:1"
            session.add(order)
        return counting(work)

    assert not run_order(context, order_id, {OrderKind.RECONCILE: overtaken})
    assert row(context, order_id).result == {}
    with context.database.read() as session:
        assert queue.due(session, utc_now(), 10) == [], "the other one holds it"
    make_due(context, order_id)
    assert run_order(context, order_id, {OrderKind.RECONCILE: counting})
    assert row(context, order_id).result == {"count": 1}
