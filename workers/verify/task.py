"""The task to verify one recording, or all of them.

Its parameter `archive` says whether archived copies are read back too. It stores a verification and an audit event per
recording, and in its result the numbers of whole, damaged and unchecked ones. For all recordings it also counts those
missing that the audit trail names.
"""

from collections import Counter
from typing import Any

from sqlmodel import Session

from gateway.db.repositories import tasks
from gateway.evidence.missing import compare_with_trail
from gateway.evidence.verify import Verdict
from workers.running.task_work import TaskWork
from workers.running.work import Publish
from workers.verify.work import all_ids, store_verdict, verify_recording


def run(work: TaskWork) -> Publish:
    """Verify; publishing stores the result."""
    ids = [work.recording.id] if work.recording is not None else all_ids(work.context)
    archive = bool(work.task.parameters.get("archive"))
    found: dict[str, Verdict] = {}
    for number, recording_id in enumerate(ids):

        def progress(done: float, begun: int = number) -> None:
            work.progress((begun + done) / len(ids))

        found[recording_id] = verify_recording(work.context, recording_id, progress, archive=archive)
    result: dict[str, Any] = dict(Counter(verdict.outcome for verdict in found.values()))
    if work.recording is None:
        with work.context.database.read() as reading:  # it reads the whole trail: too long for a write transaction
            result["missing"] = len(compare_with_trail(reading).missing)

    def to_publish(session: Session) -> None:
        for recording_id, verdict in found.items():
            store_verdict(session, recording_id, verdict, work.task.requested_by_name)
        tasks.get(session, work.task.id).result = result

    return to_publish
