"""Check that checkpoints, recovery and sealing happen within about a minute. Late work degrades health."""

from datetime import datetime, timedelta
from typing import Final

from gateway.api.system.check import Check
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.repositories import lateness

# The timer signs every minute; a long stretch of the trail takes a moment.
CHECKPOINT_LATE: Final = timedelta(minutes=3)
# A gateway counts as lost after a minute; its sessions are closed by the timer within 15 seconds.
RECOVERY_LATE: Final = timedelta(minutes=2)
# Sealing starts at once and reads a recording once: seconds, or a minute for a long one.
SEAL_LATE: Final = timedelta(minutes=2)


def checks(database: Database) -> list[Check]:
    """Run all three checks. Raises SQLAlchemyError if the database does not respond."""
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
