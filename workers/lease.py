"""Holding on to a running stage: a thread renews the lease and writes the progress.

Callers: `workers.pipeline`, `workers.jobs`. A lease that is not renewed runs out and the stage is taken by another
worker; the worker that lost it finds out at its next step and stops.
"""

import threading
import time
from datetime import timedelta
from types import TracebackType
from typing import Final, Self

from sqlalchemy.exc import OperationalError

from gateway.core.errors import ReelgateError
from gateway.db.columns import utc_now
from gateway.db.repositories import stages
from gateway.telemetry import get_logger
from workers.owners import is_gone
from workers.work import WorkerContext

# A killed worker's stage is taken again after this long. Eight missed renewals: a slow disk is no reason.
LEASE: Final = timedelta(seconds=20)
_RENEW_SECONDS: Final = 2.5
# People watch the bar; a write a second at most is what SQLite does not notice.
_PROGRESS_SECONDS: Final = 1.0
_PROGRESS_STEP: Final = 0.01

_log = get_logger()


def release_dead(context: WorkerContext) -> int:
    """End the leases of processes that died on this host, so that nobody waits for them; how many there were."""
    with context.database.read() as session:
        dead = [row for row in stages.running(session) if row.lease_owner is not None and is_gone(row.lease_owner)]
    if not dead:
        return 0
    with context.database.write() as session:
        ended = [stages.end_lease(session, row.id, row.lease_owner or "", utc_now()) for row in dead]
    return sum(ended)


class LeaseLostError(ReelgateError):
    """Another worker has taken the stage; what this one made is thrown away."""


class Lease:
    """A context: renews in the background until left. `progress` is called from the stage's own thread."""

    def __init__(self, context: WorkerContext, stage_id: str) -> None:
        self._context = context
        self._stage_id = stage_id
        self._progress = self._written = 0.0
        self._left = threading.Event()
        self._lost = False
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    def progress(self, share: float) -> None:
        """Note how far the stage is. Raises LeaseLostError."""
        self._progress = min(1.0, max(0.0, share))
        if self._lost:
            raise LeaseLostError("another worker has taken this stage")

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
                self._lost = not stages.renew(session, self._stage_id, self._context.owner, until, share)
        except OperationalError as error:  # the database is away for a moment; the lease has some time left
            _log.warning("lease.not_renewed", stage_id=self._stage_id, reason=type(error).__name__)
            return False
        self._written = share
        return True
