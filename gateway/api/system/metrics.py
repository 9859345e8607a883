"""Prometheus metrics, computed from the database at each scrape.

Every gateway therefore reports the same numbers, and they survive restarts.
"""

import math
from collections.abc import Iterable
from datetime import timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, SummaryMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import String, and_, case, cast
from sqlmodel import Session, col, func, select

from gateway.capacity.sample import now
from gateway.context import GatewayState
from gateway.core.recording.states import RecordingState
from gateway.core.session import SessionState
from gateway.core.work import WorkState
from gateway.db.columns import UtcDateTime, utc_now
from gateway.db.models import AccessSession, Recording, Stage
from gateway.db.repositories import discrepancies
from gateway.db.repositories.backlog import archive_backlog
from gateway.storage.archive_checks import latest

WINDOW = timedelta(hours=24)
WAITING_TO_BE_SEALED = "waiting_to_be_sealed"


class _FromDatabase(Collector):
    def __init__(self, state: GatewayState) -> None:
        self._state = state

    def collect(self) -> Iterable[GaugeMetricFamily | SummaryMetricFamily]:
        with self._state.database.read() as session:
            yield _gauge("reelgate_sessions", "Sessions by state", "state", session_counts(session))
            yield _gauge("reelgate_recordings", "Recordings by state", "state", recording_counts(session))
            backlog = stage_counts(session)
            stages = GaugeMetricFamily("reelgate_stages", "Stages by name and state", labels=["stage", "state"])
            for (name, state), count in backlog.items():
                stages.add_metric([name, state], count)
            yield stages
            yield from _storage(self._state, session)
            delays = searchable_delays(session)
            yield from _archive(session, self._state)
        yield SummaryMetricFamily(
            "reelgate_searchable_seconds",
            "From disconnect to searchable, recordings of the last 24 hours",
            count_value=len(delays),
            sum_value=sum(delays),
        )


def _archive(session: Session, state: GatewayState) -> Iterable[GaugeMetricFamily]:
    row, waiting = latest(session, state.files.archive), archive_backlog(session)
    waited = (utc_now() - waiting.oldest_at).total_seconds() if waiting.oldest_at else 0.0
    yield GaugeMetricFamily(
        "reelgate_archive_usable",
        "Whether the archive meets its requirements: 1, 0, or NaN before the first check",
        value=math.nan if row is None else float(row.is_usable),
    )
    yield GaugeMetricFamily(
        "reelgate_archive_waiting_recordings", "Recordings that wait for the archive", value=waiting.recording_count
    )
    yield GaugeMetricFamily(
        "reelgate_archive_waiting_bytes", "Bytes without an archived copy", value=waiting.size_bytes
    )
    yield GaugeMetricFamily(
        "reelgate_archive_oldest_seconds", "How long the recording that waits longest is sealed", value=waited
    )


def render(state: GatewayState) -> bytes:
    """Return all metrics in Prometheus text format."""
    registry = CollectorRegistry()
    registry.register(_FromDatabase(state))
    return generate_latest(registry)


def session_counts(session: Session) -> dict[str, int]:
    """Count sessions by state, without closed ones."""
    query = select(AccessSession.state, func.count()).where(AccessSession.state != SessionState.CLOSED)
    found = {str(state): count for state, count in session.exec(query.group_by(AccessSession.state))}
    return {str(state): found.get(state, 0) for state in SessionState if state is not SessionState.CLOSED}


def recording_counts(session: Session) -> dict[str, int]:
    """Count recordings by state; open ones whose session has ended count as waiting to be sealed."""
    waits = and_(col(Recording.state) == RecordingState.OPEN, col(Recording.closed_at).is_not(None))
    state = case((waits, WAITING_TO_BE_SEALED), else_=cast(col(Recording.state), String))
    return {str(name): count for name, count in session.exec(select(state, func.count()).group_by(state))}


def stage_counts(session: Session) -> dict[tuple[str, str], int]:
    """Count unfinished and failed stages by name and state."""
    query = select(Stage.name, Stage.state, func.count()).where(Stage.state != WorkState.DONE)
    rows = session.exec(query.group_by(Stage.name, Stage.state))
    return {(str(name), str(state)): count for name, state, count in rows}


def searchable_delays(session: Session) -> list[float]:
    """Return the seconds from disconnect or import to searchable, for recordings that became searchable recently."""
    came_at = func.coalesce(Recording.imported_at, Recording.closed_at, type_=UtcDateTime())
    query = select(came_at, Recording.searchable_at).where(col(Recording.searchable_at) > utc_now() - WINDOW)
    return [(done - came).total_seconds() for came, done in session.exec(query) if came and done]


def _storage(state: GatewayState, session: Session) -> Iterable[GaugeMetricFamily]:
    counts = {str(kind): count for kind, count in discrepancies.open_counts(session).items()}
    yield _gauge("reelgate_discrepancies", "Open discrepancies between rows and bytes by kind", "kind", counts)
    found = now(state.settings, session)
    tiers = {"hot": found.hot_bytes, "archive": found.archive_bytes}
    yield _gauge("reelgate_stored_bytes", "Bytes of sealed recordings by tier", "tier", tiers)
    disk = {"free": found.free_bytes, "total": found.total_bytes}
    yield _gauge("reelgate_disk_bytes", "The data folder's disk", "of", disk)


def _gauge(name: str, text: str, label: str, counts: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, count in counts.items():
        family.add_metric([value], count)
    return family
