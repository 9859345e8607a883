"""Run an order to its end in this process, with nobody else needed.

A worker that runs beside it may have taken the order; then this process waits for it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from gateway.core.work import UNFINISHED
from gateway.db.models import Order
from gateway.db.repositories import orders
from workers.orders.runner import run_order
from workers.running.work import WorkerContext

_LOOK_SECONDS: Final = 0.25


def run_to_end(context: WorkerContext, order_id: str, show: Callable[[float], None]) -> Order:
    """Run and watch the order until it is done, failed, or waits after an error; returns its row."""
    with _watched(context, order_id, show) as watching:
        while True:
            run_order(context, order_id)
            order = _row(context, order_id)
            if order.state not in UNFINISHED or order.error is not None:
                return order
            watching.wait(_LOOK_SECONDS)


@contextmanager
def _watched(context: WorkerContext, order_id: str, show: Callable[[float], None]) -> Iterator[threading.Event]:
    """Shows the order's progress while the block runs; gives the event that ends the showing."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_LOOK_SECONDS):
            show(_row(context, order_id).progress)

    thread = threading.Thread(target=watch, name="progress", daemon=True)
    thread.start()
    try:
        yield ended
    finally:
        ended.set()
        thread.join()


def _row(context: WorkerContext, order_id: str) -> Order:
    with context.database.read() as session:
        return orders.get(session, order_id)
