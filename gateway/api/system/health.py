"""Is everything there: database, disk, guacd, redis, and the processes the supervisor watches.

Callers: `/health` (no login: names and states only), `/api/system` (with details).
"""

import json
import shutil
import socket
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

import redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, func, select

from gateway.audit import AuditTag
from gateway.audit.check import state as trail_state
from gateway.core.reconcile import LOSSES
from gateway.db.columns import utc_now
from gateway.db.models import ArchiveObject, AuditEvent
from gateway.db.repositories import discrepancies
from gateway.jobs import settings_redis_url
from gateway.settings import Settings
from gateway.state import GatewayState
from gateway.storage.archive_checks import latest

_TIMEOUT_SECONDS: Final = 2.0
_JUMP_REMEMBERED: Final = timedelta(days=1)
# Nights that a worker may miss before the read-back of archived copies counts as late.
_LATE: Final = timedelta(days=7)


class Health(StrEnum):
    """ok; degraded: sessions work, something else does not; failing: no session can be opened."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILING = "failing"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `vital`: without it no session can be opened."""

    name: str
    ok: bool
    detail: str
    vital: bool


def checks(state: GatewayState) -> list[Check]:
    """Look at everything the gateway needs; takes at most a few seconds."""
    settings = state.settings
    return [
        _database(state),
        _disk(settings),
        _guacd(settings),
        _redis(settings),
        _archive(state),
        _audit_trail(state),
        _clock(state),
        _evidence(state),
    ]


def children(settings: Settings) -> list[dict[str, Any]]:
    """The supervisor's children as it last wrote them down; empty when there is no supervisor."""
    try:
        found = json.loads((settings.run_dir / "supervisor.json").read_text())
    except (OSError, ValueError):
        return []
    rows = found.get("children", []) if isinstance(found, dict) else []
    return rows if isinstance(rows, list) else []


def overall(results: list[Check], processes: list[dict[str, Any]]) -> Health:
    """One word for all of it."""
    if any(check.vital and not check.ok for check in results):
        return Health.FAILING
    if any(not check.ok for check in results) or any(child.get("state") == "backing_off" for child in processes):
        return Health.DEGRADED
    return Health.OK


def _database(state: GatewayState) -> Check:
    try:
        with state.database.read() as session:
            session.connection().execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return Check("database", False, type(error).__name__, vital=True)
    return Check("database", True, state.database.engine.dialect.name, vital=True)


def _disk(settings: Settings) -> Check:
    free = shutil.disk_usage(settings.data_dir).free
    enough = free >= settings.free_space_floor_bytes
    return Check("disk", enough, f"{free // 2**20} MiB free", vital=True)


def _guacd(settings: Settings) -> Check:
    host, _, port = (settings.guacd or "127.0.0.1:4822").rpartition(":")
    try:
        socket.create_connection((host, int(port)), _TIMEOUT_SECONDS).close()
    except OSError as error:
        return Check("guacd", False, error.strerror or "no answer", vital=True)
    return Check("guacd", True, "answers", vital=True)


def _archive(state: GatewayState) -> Check:
    """As the workers last found it: the gateway itself never waits for the archive."""
    try:
        with state.database.read() as session:
            row = latest(session, state.files.archive)
    except SQLAlchemyError as error:
        return Check("archive", False, type(error).__name__, vital=False)
    if row is None:
        return Check("archive", True, "not looked at yet", vital=False)
    return Check("archive", row.is_usable, "keeps its promises" if row.is_usable else row.reason, vital=False)


def _audit_trail(state: GatewayState) -> Check:
    """As the workers last found it."""
    try:
        with state.database.read() as session:
            found = trail_state(session)
    except SQLAlchemyError as error:
        return Check("audit_trail", False, type(error).__name__, vital=False)
    if found.broken is not None:
        return Check("audit_trail", False, f"broken: {found.broken.detail}", vital=False)
    return Check("audit_trail", True, f"sound up to event {found.sound_event_id}", vital=False)


def _clock(state: GatewayState) -> Check:
    """Whether the clock was set lately: times of recordings and events are read by it."""
    since = utc_now() - _JUMP_REMEMBERED
    query = select(AuditEvent).where(AuditEvent.tag == AuditTag.CLOCK_JUMPED.value, AuditEvent.at > since)
    try:
        with state.database.read() as session:
            event = session.exec(query.order_by(col(AuditEvent.id).desc()).limit(1)).first()
    except SQLAlchemyError as error:
        return Check("clock", False, type(error).__name__, vital=False)
    if event is not None:
        jump = f"it jumped by {event.details['seconds']} s at {event.at:%Y-%m-%d %H:%M:%S} UTC"
        return Check("clock", False, jump, vital=False)
    return Check("clock", True, "no jump noticed within a day", vital=False)


def _evidence(state: GatewayState) -> Check:
    """Nothing is known to be missing or damaged, and archived copies were read back in time."""
    days = state.settings.archive_read_back_days
    try:
        with state.database.read() as session:
            counts = discrepancies.open_counts(session)
            oldest = session.exec(select(func.min(ArchiveObject.verified_at))).one()
    except SQLAlchemyError as error:
        return Check("evidence", False, type(error).__name__, vital=False)
    bad = [f"{counts[kind]} {kind.replace('_', ' ')}" for kind in LOSSES if counts[kind]]
    if oldest is None or not days:
        read = "no archived copy" if oldest is None else "archived copies are not read back"
    else:
        read = f"archived copies read back since {oldest:%Y-%m-%d}"
        if utc_now() - oldest > timedelta(days=days) + _LATE:
            bad.append(f"an archived copy was not read back since {oldest:%Y-%m-%d}")
    return Check("evidence", not bad, "; ".join(bad) or f"nothing missing; {read}", vital=False)


def _redis(settings: Settings) -> Check:
    url = settings_redis_url(settings)
    try:
        with redis.Redis.from_url(
            url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS
        ) as client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        return Check("redis", False, type(error).__name__, vital=False)
    return Check("redis", True, "answers", vital=False)
