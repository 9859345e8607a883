"""The task to verify: one recording, or all of them. Called by `workers.tasks.runner`.

In: the task's parameter `archive` (whether archived copies are read back too). Out: a verification and an audit event a
recording, and in the task's result how many were whole, damaged or could not be looked at. Of all of them, also how many the audit
trail names that are missing.
"""

from collections import Counter
from typing import Any

from sqlmodel import Session

from gateway.db.repositories import tasks
from gateway.evidence.missing import compare_with_trail
from gateway.evidence.verify import Verdict
from workers.running.work import Publish
from workers.tasks.work import TaskWork
from workers.verify.work import all_ids, look_at, write_down


def run(work: TaskWork) -> Publish:
    """Look; publishing writes down what was found."""
    ids = [work.recording.id] if work.recording is not None else all_ids(work.context)
    archive = bool(work.task.parameters.get("archive"))
    found: dict[str, Verdict] = {}
    for number, recording_id in enumerate(ids):

        def progress(done: float, begun: int = number) -> None:
            work.progress((begun + done) / len(ids))

        found[recording_id] = look_at(work.context, recording_id, progress, archive=archive)

    def to_publish(session: Session) -> None:
        for recording_id, verdict in found.items():
            write_down(session, recording_id, verdict, work.task.asked_by_name)
        result: dict[str, Any] = dict(Counter(verdict.outcome for verdict in found.values()))
        if work.recording is None:
            result["missing"] = len(compare_with_trail(session).missing)
        tasks.get(session, work.task.id).result = result

    return to_publish
