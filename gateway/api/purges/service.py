"""Build the responses of the purge routes from rows."""

from sqlmodel import Session

from gateway.api.holds.endpoints import hold_out
from gateway.api.purges.schemas import ObstacleOut, PurgeOut, PurgeStatusOut, TombstoneOut
from gateway.core.recording.states import RecordingState
from gateway.db.columns import utc_now
from gateway.db.models import Purge, Recording
from gateway.db.repositories import holds, purges
from gateway.retention import policy_for
from gateway.retention.dates import dates_of
from gateway.retention.obstacles import purge_obstacles


def purge_out(purge: Purge, recording: Recording) -> PurgeOut:
    """Return one purge."""
    own = set(PurgeOut.model_fields) & set(Purge.model_fields)
    return PurgeOut(
        **purge.model_dump(include=own),
        recording_kind=recording.kind,
        target_name=recording.target_name,
        operator_name=recording.operator_name,
        started_at=recording.started_at,
        size_bytes=recording.size_bytes,
        by_policy=purge.marked_by is None,
    )


def purge_status(session: Session, recording: Recording) -> PurgeStatusOut:
    """Return the status under the current policies; for a purged recording, only its tombstone."""
    policy, found = policy_for(session, recording), dates_of(session, recording)
    is_gone = recording.state is RecordingState.PURGED
    obstacles = [] if is_gone else purge_obstacles(session, recording, utc_now())
    purge, tombstone = purges.newest(session, recording.id), purges.tombstone(session, recording.id)
    return PurgeStatusOut(
        policy_id=policy.id,
        policy_name=policy.name,
        object_lock=policy.object_lock,
        retain_until_at=found.retain_until_at if found else None,
        purge_after_at=found.purge_after_at if found and not is_gone else None,
        hot_until_at=recording.hot_until_at,
        obstacles=[ObstacleOut(kind=obstacle.kind, text=obstacle.text) for obstacle in obstacles],
        holds=[hold_out(hold, recording) for hold in holds.active(session, recording.id)],
        purge=purge_out(purge, recording) if purge else None,
        tombstone=TombstoneOut(purged_at=tombstone.purged_at, files=tombstone.files) if tombstone else None,
    )
