"""Prometheus metrics, computed from the database at each scrape.

Every gateway therefore reports the same numbers, and they survive restarts.
"""

import math
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, SummaryMetricFamily
from prometheus_client.registry import Collector
from sqlmodel import Session

from gateway.capacity.sample import now
from gateway.context import GatewayState
from gateway.db.columns import utc_now
from gateway.db.repositories import discrepancies, recordings, sessions, stages
from gateway.db.repositories.backlog import archive_backlog
from gateway.storage.archive_checks import latest

WINDOW: Final = timedelta(hours=24)


class _FromDatabase(Collector):
    def __init__(self, state: GatewayState) -> None:
        self._state = state

    def collect(self) -> Iterable[GaugeMetricFamily | SummaryMetricFamily]:
        with self._state.database.read() as session:
            yield _gauge("reelgate_sessions", "Sessions by state", "state", sessions.state_counts(session).items())
            yield _gauge(
                "reelgate_recordings", "Recordings by state", "state", recordings.state_counts(session).items()
            )
            pipeline = GaugeMetricFamily("reelgate_stages", "Stages by name and state", labels=["stage", "state"])
            for (name, state), count in stages.unfinished_counts(session).items():
                pipeline.add_metric([name, state], count)
            yield pipeline
            yield from _storage(self._state, session)
            delays = recordings.searchable_delays(session, utc_now() - WINDOW)
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


def _storage(state: GatewayState, session: Session) -> Iterable[GaugeMetricFamily]:
    counts = discrepancies.open_counts(session).items()
    yield _gauge("reelgate_discrepancies", "Open discrepancies between rows and bytes by kind", "kind", counts)
    found = now(state.settings, session)
    tiers = {"hot": found.hot_bytes, "archive": found.archive_bytes}
    yield _gauge("reelgate_stored_bytes", "Bytes of sealed recordings by tier", "tier", tiers.items())
    disk = {"free": found.free_bytes, "total": found.total_bytes}
    yield _gauge("reelgate_disk_bytes", "The data folder's disk", "of", disk.items())


def _gauge(name: str, text: str, label: str, counts: Iterable[tuple[str, int]]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, count in counts:
        family.add_metric([value], count)
    return family
