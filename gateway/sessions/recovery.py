"""Close the sessions that a killed gateway left open, and the heartbeat that shows that a gateway lives.

The application calls `recover` when it starts and `keep_alive` while it runs, the workers' timer `close_lost_gateways`.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from gateway.audit import Actor, AuditTag, record
from gateway.core.recording.layout import SEGMENT_FOLDER
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import AccessSession, Recording
from gateway.db.repositories import sessions
from gateway.sessions import endings
from gateway.sessions.clock_watch import ClockWatch
from gateway.sessions.closing import close_session
from gateway.sessions.live_state import LiveState
from gateway.telemetry import get_logger
from gateway.work.stages import SendJob

BEAT_SECONDS: Final = 5.0
# Twelve beats: longer than a database takes to fail over, short enough that a recording is not long in coming.
LOST_SECONDS: Final = 60.0
# A gateway that could not beat for this long ends its sessions itself, before others call it lost and seal their recordings.
FENCE_SECONDS: Final = 40.0

_log = get_logger()


def recover(state: LiveState) -> int:
    """Close the sessions this gateway left open when it was killed; return their number. Blocks."""
    now = utc_now()
    with state.database.write() as session:
        sessions.beat(session, state.gateway_id, started_at=now, now=now)
        left = sessions.unclosed_of(session, state.gateway_id)
    return _close_left(state.database, state.send_job, state.settings.data_dir, left, now)


async def keep_alive(state: LiveState, beat_seconds: float = BEAT_SECONDS) -> None:
    """Beat until cancelled. End all sessions when no beat succeeds for too long: others then close and seal their recordings.

    A beat is not waited for: a database that does not answer at all can hold it for minutes, without an error.
    """
    started_at, succeeded_at, began_at = utc_now(), time.monotonic(), 0.0
    watch, jumps, sent = ClockWatch(), list[int](), list[int]()
    beat: asyncio.Task[None] | None = None
    while True:
        if (jump := watch.jump_seconds()) is not None:
            _log.warning("clock.jumped", seconds=jump)
            jumps.append(jump)
        if beat is None:
            began_at, sent = time.monotonic(), jumps.copy()
            beat = asyncio.create_task(asyncio.to_thread(_beat, state, started_at, sent))
        done, _ = await asyncio.wait([beat], timeout=beat_seconds)
        if done and _has_succeeded(beat):
            succeeded_at = began_at
            del jumps[: len(sent)]
        if time.monotonic() - succeeded_at > FENCE_SECONDS:
            state.registry.end_all(endings.GATEWAY_LOST)
        if done:
            beat = None
            await asyncio.sleep(beat_seconds)


def close_lost_gateways(
    database: Database, send_job: SendJob, data_dir: Path, lost_seconds: float = LOST_SECONDS
) -> int:
    """Close the sessions of gateways that have been silent for `lost_seconds`; return their number. Blocks."""
    with database.read() as session:
        lost = sessions.lost_gateways(session, utc_now() - timedelta(seconds=lost_seconds))
        left = [(node, sessions.unclosed_of(session, node.id)) for node in lost]
    return sum(_close_left(database, send_job, data_dir, rows, node.heartbeat_at) for node, rows in left)


def _has_succeeded(beat: asyncio.Task[None]) -> bool:
    try:
        beat.result()
    except SQLAlchemyError as error:
        _log.error("heartbeat.failed", error=type(error).__name__)
        return False
    return True


def _beat(state: LiveState, started_at: datetime, jumps: Sequence[int] = ()) -> None:
    """Write the heartbeat, and audit jumps of the clock: it dates the trail and the recordings."""
    with state.database.write() as session:
        sessions.beat(session, state.gateway_id, started_at=started_at, now=utc_now())
        for seconds in jumps:
            record(session, AuditTag.CLOCK_JUMPED, Actor("gateway"), subject_id=state.gateway_id, seconds=seconds)


def _close_left(
    database: Database,
    send_job: SendJob,
    data_dir: Path,
    left: Iterable[tuple[AccessSession, Recording]],
    last_sign_at: datetime,
) -> int:
    """Close sessions. Those whose files are on another host's disk count as closed at `last_sign_at`."""
    count = 0
    for row, recording in left:
        closed_at = _last_written(data_dir / recording.folder) or max(row.opened_at, last_sign_at)
        count += close_session(database, send_job, row.id, endings.GATEWAY_LOST, closed_at=closed_at)
    if count:
        _log.warning("sessions.recovered", session_count=count)
    return count


def _last_written(folder: Path) -> datetime | None:
    """Return when the recording's stream was last written to; None if it cannot be seen."""
    times = [path.stat().st_mtime for path in (folder / SEGMENT_FOLDER).glob("*")]
    return datetime.fromtimestamp(max(times), UTC) if times else None
