"""Holding on to a running stage or order: a thread renews the lease and writes the progress.

Callers: `workers.pipeline`, `workers.orders`, `workers.jobs`. A lease that is not renewed runs out and the work is taken
by another worker; the worker that lost it finds out at its next step and stops.
"""

import threading
import time
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Protocol, Self

from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from gateway.core.errors import ReelgateError
from gateway.db.columns import utc_now
from gateway.db.repositories import orders, stages
from gateway.telemetry import get_logger
from workers.owners import is_gone
from workers.work import WorkerContext

# A killed worker's work is taken again after this long. Eight missed renewals: a slow disk is no reason.
LEASE: Final = timedelta(seconds=20)
_RENEW_SECONDS: Final = 2.5
# People watch the bar; a write a second at most is what SQLite does not notice.
_PROGRESS_SECONDS: Final = 1.0
_PROGRESS_STEP: Final = 0.01

_log = get_logger()


def release_dead(context: WorkerContext) -> int:
    """End the leases of processes that died on this host, so that nobody waits for them; how many there were."""
    with context.database.read() as session:
        dead = [
            (end, row.id, row.lease_owner)
            for end, rows in ((stages.end_lease, stages.running(session)), (orders.end_lease, orders.running(session)))
            for row in rows
            if row.lease_owner is not None and is_gone(row.lease_owner)
        ]
    if not dead:
        return 0
    with context.database.write() as session:
        ended = [end(session, row_id, owner, utc_now()) for end, row_id, owner in dead]
    return sum(ended)


class Renew(Protocol):
    """Holds on to the row and says how far it is; False when it is not this owner's any more."""

    def __call__(self, session: Session, *, owner: str, until: datetime, progress: float) -> bool: ...


class LeaseLostError(ReelgateError):
    """Another worker has taken the work; what this one made is thrown away."""


class Lease:
    """A context: renews in the background until left. `progress` is called from the work's own thread."""

    def __init__(self, context: WorkerContext, renew: Renew) -> None:
        self._context = context
        self._renew_row = renew
        self._progress = self._written = 0.0
        self._left = threading.Event()
        self._lost = False
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    def progress(self, share: float) -> None:
        """Note how far the work is. Raises LeaseLostError."""
        self._progress = min(1.0, max(0.0, share))
        if self._lost:
            raise LeaseLostError("another worker has taken this work")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._thread.join()

    def _keep(self) -> None:
        renewed = time.monotonic()
        while not self._left.wait(_PROGRESS_SECONDS):
            moved = abs(self._progress - self._written) >= _PROGRESS_STEP
            if not moved and time.monotonic() - renewed < _RENEW_SECONDS:
                continue
            if self._renew():
                renewed = time.monotonic()
            if self._lost:
                return

    def _renew(self) -> bool:
        share = self._progress
        try:
            with self._context.database.write() as session:
                until = utc_now() + LEASE
                self._lost = not self._renew_row(session, owner=self._context.owner, until=until, progress=share)
        except OperationalError as error:  # the database is away for a moment; the lease has some time left
            _log.warning("lease.not_renewed", reason=type(error).__name__)
            return False
        self._written = share
        return True
