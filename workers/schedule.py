"""The timer's jobs, and how they are sent. Read by `workers.app` for Celery beat."""

import json
from typing import Any, Final

import redis
from celery.beat import PersistentScheduler, ScheduleEntry

from gateway.core.work import (
    ARCHIVE_CHECK,
    ARCHIVE_READ_BACK,
    AUDIT_CHECK,
    AUDIT_CHECK_NEW,
    EXPORTS_EXPIRE,
    HOLDS_APPLY,
    HOT_COPIES_EXPIRE,
    PIPELINE_RESEND,
    PURGES_ADVANCE,
    RECORDINGS_RECONCILE,
    RETENTION_APPLY,
    STORAGE_SAMPLE,
    Queue,
)
from gateway.settings import Settings, get_settings
from gateway.telemetry import get_logger
from gateway.work.jobs import settings_redis_url

# Not in the contract with the gateway: it never sends this one.
SESSIONS_RECOVER: Final = "sessions.recover"

_ANSWER_SECONDS: Final = 1.0
_log = get_logger()

SCHEDULE: Final[dict[str, dict[str, Any]]] = {
    name: {"task": name, "schedule": seconds}
    for name, seconds in {
        PIPELINE_RESEND: 15.0,
        SESSIONS_RECOVER: 15.0,
        HOLDS_APPLY: 60.0,
        PURGES_ADVANCE: 300.0,
        HOT_COPIES_EXPIRE: 600.0,
        ARCHIVE_CHECK: 900.0,
        RETENTION_APPLY: 3600.0,
        EXPORTS_EXPIRE: 60.0,
        RECORDINGS_RECONCILE: 3600.0,
        # At most one minute of the trail is unsigned.
        AUDIT_CHECK_NEW: 60.0,
        AUDIT_CHECK: 24 * 3600.0,
        ARCHIVE_READ_BACK: 24 * 3600.0,
        STORAGE_SAMPLE: 3600.0,
    }.items()
}


def waiting_jobs(settings: Settings) -> set[str]:
    """Return the timer's jobs that wait for a worker; empty if the broker does not answer."""
    url = settings_redis_url(settings)
    try:
        with redis.Redis.from_url(
            url, socket_timeout=_ANSWER_SECONDS, socket_connect_timeout=_ANSWER_SECONDS
        ) as client:
            messages = client.lrange(Queue.TIMERS, 0, -1)
    except (redis.RedisError, OSError) as error:
        _log.warning("timers.not_read", reason=type(error).__name__)
        return set()
    return {str(json.loads(message)["headers"]["task"]) for message in messages}


class OneAtATime(PersistentScheduler):
    """Skip jobs that still wait, so that messages neither expire nor pile up."""

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Send the entry's job, unless it is already waiting."""
        if entry.task not in waiting_jobs(get_settings()):
            super().apply_entry(entry, producer)
