"""Leases on running work: a thread renews the lease and writes the progress.

A lease that is not renewed runs out and the work is taken by another worker; the worker that lost it finds out at its
next step and stops.
"""

import threading
import time
from datetime import timedelta
from types import TracebackType
from typing import Final, Self

from sqlalchemy.exc import OperationalError

from gateway.core.errors import ReelgateError
from gateway.db.columns import utc_now
from gateway.db.models.leased import Leased
from gateway.db.repositories import leases
from gateway.telemetry import get_logger
from workers.running.owners import is_gone
from workers.running.work import WorkerContext

# A killed worker's work is taken over after this long: eight missed renewals, which a slow disk does not cause.
LEASE: Final = timedelta(seconds=20)
_RENEW_SECONDS: Final = 2.5
# Progress is shown to users, but SQLite should not see more than one write a second.
_PROGRESS_SECONDS: Final = 1.0
_PROGRESS_STEP: Final = 0.01

_log = get_logger()


def release_lost(context: WorkerContext) -> int:
    """Re-queue work whose process died on this host or whose lease has expired; return its number."""
    now = utc_now()
    with context.database.read() as session:
        lost = [
            (model, row.id, row.lease_owner)
            for model in leases.LEASED
            for row in leases.running(session, model)
            if row.lease_owner is not None and (is_gone(row.lease_owner) or leases.is_due(row, now))
        ]
    if not lost:
        return 0
    with context.database.write() as session:
        released = [leases.release(session, model, row_id, owner) for model, row_id, owner in lost]
    return sum(released)


class LeaseLostError(ReelgateError):
    """Another worker has taken the work; this one's output is discarded."""


class Lease:
    """A context: renews in the background until left. `progress` is called from the work's own thread."""

    def __init__(self, context: WorkerContext, model: type[Leased], row_id: str, owner: str) -> None:
        self._context = context
        self._row = (model, row_id, owner)
        self._progress = self._written = 0.0
        self._left = threading.Event()
        self._lost = False
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    def progress(self, share: float) -> None:
        """Report progress, 0 to 1. Raises LeaseLostError."""
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
                self._lost = not leases.renew(session, *self._row, utc_now() + LEASE, share)
        except OperationalError as error:  # the database is briefly unavailable; the lease still has time left
            _log.warning("lease.not_renewed", reason=type(error).__name__)
            return False
        self._written = share
        return True
