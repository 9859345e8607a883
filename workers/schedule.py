"""What is done on a timer. Read by `workers.app` for Celery beat."""

from typing import Any, Final

from gateway.core.jobs import (
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
)

# Not in the contract with the gateway: it never sends this one.
SESSIONS_RECOVER: Final = "sessions.recover"


def _every(job: str, seconds: float) -> dict[str, Any]:
    """A job that is dropped when it still waits at the next one's time, so that busy workers find one and not many."""
    return {"task": job, "schedule": seconds, "options": {"expires": seconds}}


SCHEDULE: Final[dict[str, dict[str, Any]]] = {
    name: _every(name, seconds)
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
        # At most a minute of the trail is not signed yet.
        AUDIT_CHECK_NEW: 60.0,
        AUDIT_CHECK: 24 * 3600.0,
        ARCHIVE_READ_BACK: 24 * 3600.0,
        STORAGE_SAMPLE: 3600.0,
    }.items()
}
