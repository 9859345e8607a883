"""Until when archived objects are locked, by the retention policies. Caller: the tier stage."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from gateway.db.columns import utc_now
from gateway.db.models import Hold, Recording, RetentionPolicy


def lock_until(session: Session, recording: Recording) -> datetime | None:
    """Until when archived objects are to be locked; None where its policy locks none, or the time is over."""
    in_force = session.exec(select(RetentionPolicy).where(col(RetentionPolicy.removed_at).is_(None))).all()
    fitting = [policy for policy in in_force if _fits(policy, recording)]
    policy = max(fitting, key=_rank, default=None)
    if policy is None or not policy.object_lock:
        return None
    until = (recording.closed_at or recording.started_at) + timedelta(days=policy.retain_for_days)
    return until if until > utc_now() else None


def is_held(session: Session, recording_id: str) -> bool:
    """Whether a hold is on the recording."""
    query = select(Hold.id).where(Hold.recording_id == recording_id, col(Hold.released_at).is_(None))
    return session.exec(query.limit(1)).first() is not None


def _fits(policy: RetentionPolicy, recording: Recording) -> bool:
    return (
        policy.target_id in {None, recording.target_id}
        and policy.target_group in {None, recording.target_group}
        and policy.risk_class in {None, recording.risk_class}
    )


def _rank(policy: RetentionPolicy) -> tuple[bool, bool, bool]:
    """The most specific first: a target before its group before a risk class."""
    return policy.target_id is not None, policy.target_group is not None, policy.risk_class is not None
