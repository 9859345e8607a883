"""Whether what should happen within a minute or so does: checkpoints, recovery, sealing. Late work degrades health."""

from datetime import datetime, timedelta
from typing import Final

from gateway.api.system.check import Check
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.repositories import lateness

# The timer signs every minute, and takes a moment for a long stretch of the trail.
CHECKPOINT_LATE: Final = timedelta(minutes=3)
# A gateway counts as lost after a minute; its sessions are closed by the timer within 15 seconds.
RECOVERY_LATE: Final = timedelta(minutes=2)
# Sealing begins at once and reads a recording once: seconds, for a long one a minute.
SEAL_LATE: Final = timedelta(minutes=2)


def checks(database: Database) -> list[Check]:
    """Look at all three. Raises SQLAlchemyError when the database does not answer."""
    now = utc_now()
    with database.read() as session:
        unsigned = lateness.unsigned_since(session)
        lost = lateness.lost_since(session, now - RECOVERY_LATE)
        count, unsealed = lateness.unsealed_since(session)
    return [
        _check("checkpoint", unsigned, now, CHECKPOINT_LATE, "up to date", "audit events without a signed checkpoint"),
        _check(
            "recovery", lost, now, RECOVERY_LATE, "nothing to recover", "a gateway is lost and its sessions are open"
        ),
        _check("seal", unsealed, now, SEAL_LATE, "up to date", f"ended sessions waiting to be sealed: {count}"),
    ]


def _check(name: str, since: datetime | None, now: datetime, limit: timedelta, good: str, bad: str) -> Check:
    if since is None or now - since <= limit:
        return Check(name, True, good, vital=False)
    minutes, most = int((now - since).total_seconds() // 60), int(limit.total_seconds() // 60)
    return Check(
        name, False, f"{bad}, for {minutes} min ({most} at most is normal): is the sealer running?", vital=False
    )
