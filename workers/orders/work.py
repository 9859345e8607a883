"""What an order's runner is given. Callers: `workers.orders.runner` builds it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gateway.db.models import Order, Recording
from workers.running.work import Progress, Publish, WorkerContext


@dataclass(frozen=True)
class OrderWork:
    """One order. `scratch` is an empty folder on the data folder's disk; `recording` is None for orders about all."""

    context: WorkerContext
    order: Order
    recording: Recording | None
    scratch: Path
    progress: Progress


OrderRunner = Callable[[OrderWork], Publish]
"""Does the work and returns what is to be published in the transaction that marks the order done."""
