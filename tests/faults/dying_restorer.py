"""A worker process that kills itself (SIGKILL) at a given moment of an order, or runs it to the end.

Run as `python -m tests.faults.dying_restorer ORDER_ID [MOMENT]`; settings come from the environment.
"""

import sys
from contextlib import ExitStack
from enum import StrEnum
from unittest.mock import patch

from sqlmodel import Session

from gateway.core.order import OrderKind
from gateway.settings import Settings
from tests.faults.dying_worker import die, then_die
from workers.orders.runner import RUNNERS, run_order
from workers.orders.work import OrderRunner, OrderWork
from workers.restore import work as restore
from workers.work import Publish, WorkerContext


class Moment(StrEnum):
    """When to die."""

    TAKEN = "taken"  # the order is leased, nothing is fetched
    FETCHING = "fetching"  # a file is being written
    FETCHED = "fetched"  # the first file has its name
    MADE = "made"  # all files are there, nothing is published
    PUBLISHED = "published"  # the row is set, nothing is committed


def dying(moment: Moment) -> OrderRunner:
    def run_and_die(work: OrderWork) -> Publish:
        if moment is Moment.TAKEN:
            die()
        publish = restore.run(work)
        if moment is Moment.MADE:
            die()

        def publish_and_die(session: Session) -> None:
            publish(session)
            session.flush()
            die()

        return publish_and_die

    return run_and_die


def main() -> None:
    order_id, *rest = sys.argv[1:]
    runners = dict(RUNNERS)
    with ExitStack() as changed:
        if rest:
            moment = Moment(rest[0])
            if moment in {Moment.FETCHING, Moment.FETCHED}:
                name = {Moment.FETCHING: "_write", Moment.FETCHED: "_fetch"}[moment]
                changed.enter_context(patch.object(restore, name, then_die(getattr(restore, name))))
            else:
                runners[OrderKind.RESTORE] = dying(moment)
        run_order(WorkerContext.build(Settings()), order_id, runners)


if __name__ == "__main__":
    main()
