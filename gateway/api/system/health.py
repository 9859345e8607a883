"""Health checks: database, disk, guacd, redis, archive, supervised processes, late work.

`/health` gives anyone the overall status, `/api/system` gives the details to roles that may see them.
"""

import json
import shutil
import sqlite3
from enum import StrEnum
from typing import Any, Final

import redis
from sqlalchemy.exc import SQLAlchemyError

from gateway import guacd_address, sandbox
from gateway.api.system import evidence, lateness
from gateway.api.system.check import Check
from gateway.context import GatewayState
from gateway.db.integrity import read_tables
from gateway.guacd_exposure import exposure
from gateway.settings import Settings
from gateway.storage.archive_checks import latest
from gateway.work.jobs import settings_redis_url

_TIMEOUT_SECONDS: Final = 2.0


class Health(StrEnum):
    """ok; degraded: sessions work, something else does not; failing: no session can be opened."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILING = "failing"


def checks(state: GatewayState) -> list[Check]:
    """Check everything the gateway depends on; takes at most a few seconds."""
    return [
        *_database(state),
        _disk(state.settings),
        *_guacd(state.settings),
        _redis(state.settings),
        _archive(state),
        _decoders(),
    ]


def children(settings: Settings) -> list[dict[str, Any]]:
    """Return the supervisor's child processes as last written; empty without a supervisor."""
    try:
        found = json.loads((settings.run_dir / "supervisor.json").read_text())
    except (OSError, ValueError):
        return []
    rows = found.get("children", []) if isinstance(found, dict) else []
    return rows if isinstance(rows, list) else []


def overall(results: list[Check], processes: list[dict[str, Any]]) -> Health:
    """Return the overall status."""
    if any(check.vital and not check.ok for check in results):
        return Health.FAILING
    if any(not check.ok for check in results) or any(child.get("state") == "backing_off" for child in processes):
        return Health.DEGRADED
    return Health.OK


def _database(state: GatewayState) -> list[Check]:
    """Check that the tables sessions need can be read, that the file is intact, and that no work is late."""
    try:
        read_tables(state.database)
        late = [
            *lateness.checks(state.database),
            *evidence.checks(state.database, state.settings.archive_read_back_days),
        ]
    except (SQLAlchemyError, sqlite3.Error) as error:
        return [Check("database", False, type(error).__name__, vital=True)]
    if state.integrity.damage is not None:
        detail = f"damaged: {state.integrity.damage}; restore it from a backup, then run `reelgate reconcile`"
        return [Check("database", False, detail, vital=False), *late]
    return [Check("database", True, state.database.engine.dialect.name, vital=True), *late]


def _disk(settings: Settings) -> Check:
    free = shutil.disk_usage(settings.data_dir).free
    enough = free >= settings.free_space_floor_bytes
    return Check("disk", enough, f"{free / 1e9:,.1f} GB free", vital=True)


def _guacd(settings: Settings) -> list[Check]:
    """Whether guacd answers, and whether the gateway can see that others reach it too."""
    try:
        with guacd_address.open_socket(guacd_address.parse(settings.guacd), _TIMEOUT_SECONDS) as connection:
            exposed = exposure(connection)
    except OSError as error:
        return [Check("guacd", False, error.strerror or "no answer", vital=True)]
    detail = f"{exposed}: whoever reaches it can use it (security.md)" if exposed else "no access by others seen"
    return [Check("guacd", True, "answers", vital=True), Check("guacd_exposed", not exposed, detail, vital=False)]


def _decoders() -> Check:
    """Check what this machine's kernel can enforce; a worker on another machine logs what its kernel lacks."""
    found = sandbox.support()
    return Check(
        "decoders",
        found.is_complete,
        f"confined by {found.describe()}" if found.is_complete else found.describe(),
        vital=False,
    )


def _archive(state: GatewayState) -> Check:
    """Report the workers' last check: the gateway itself never waits for the archive."""
    try:
        with state.database.read() as session:
            row = latest(session, state.files.archive)
    except SQLAlchemyError as error:
        return Check("archive", False, type(error).__name__, vital=False)
    if row is None:
        return Check("archive", True, "not checked yet", vital=False)
    return Check("archive", row.is_usable, "meets its requirements" if row.is_usable else row.reason, vital=False)


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
