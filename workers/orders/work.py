"""Input of an order's runner."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gateway.db.models import Order, Recording
from workers.work import Progress, Publish, WorkerContext


@dataclass(frozen=True)
class OrderWork:
    """One order. `scratch` is an empty folder on the data folder's disk; `recording` is None for orders about all."""

    context: WorkerContext
    order: Order
    recording: Recording | None
    scratch: Path
    progress: Progress


OrderRunner = Callable[[OrderWork], Publish]
"""Do the work and return a function that publishes it, in the transaction that marks the order done."""
