"""Retry failed stages of many recordings, for example after an upgrade that fixed the cause."""

from itertools import islice
from typing import Final

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError, GoneError
from gateway.core.work import StageName
from gateway.db.database import Database
from gateway.db.repositories import recordings, stages
from gateway.work import stages as pipeline

# Recordings per transaction: milliseconds, so that no new session has to wait.
_BATCH: Final = 200


def retry_failed(
    database: Database, actor: Actor, tag: AuditTag, send_job: pipeline.SendJob, stage: StageName | None = None
) -> int:
    """Queue the first failed stage of every recording and all stages after it; return the number of recordings.

    `stage`: only recordings in which this one failed. Recordings purged or taken up in the meantime do not change.
    """
    with database.read() as session:
        failed = iter(stages.failed(session, stage))
    count = 0
    while batch := list(islice(failed, _BATCH)):
        with database.write() as session:
            for recording_id, name in batch:
                recording = recordings.get(session, recording_id, lock=True)
                try:
                    pipeline.retry(session, recording, name, send_job)
                except (ConflictError, GoneError):
                    continue
                record(session, tag, actor, subject_id=recording_id, stage=name)
                count += 1
    return count
