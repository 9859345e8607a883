"""The contract between the gateway and the workers: stage names, their task, and the job names sent by name.

A job carries ids only. Rows in the database drive the work; a job is a nudge that may be lost or come twice.
"""

from enum import IntEnum, StrEnum
from typing import Final


class StageName(StrEnum):
    """The steps a recording takes after its session has closed, in this task."""

    SEAL = "seal"
    RENDER = "render"
    OCR = "ocr"
    INDEX = "index"
    TIER = "tier"


class TaskKind(StrEnum):
    """What is to be done.

    `verify` and `reconcile` may be about all recordings (no recording id); `audit_check` is about the trail, `watch` runs
    a watch term over everything there is.
    """

    VERIFY = "verify"
    RESTORE = "restore"
    PURGE = "purge"
    EXPORT = "export"
    RECONCILE = "reconcile"
    AUDIT_CHECK = "audit_check"
    WATCH = "watch"


class WorkState(StrEnum):
    """The state of a stage or a task.

    pending: not begun, or to be tried again at `not_before_at`; failed: given up, and its error says why.
    """

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNFINISHED: Final = (WorkState.PENDING, WorkState.RUNNING)


class Priority(IntEnum):
    """What a worker takes first of the work that is due, lowest first. Sealing comes before everything, whatever its priority."""

    LIVE = 0  # a session that has ended: somebody may be waiting to see what happened in it
    NORMAL = 1  # what a person or a timer asked for
    BULK = 2  # imports, reading again, exports, a watch term over everything there is


class Queue(StrEnum):
    """Where jobs wait. Some worker takes nothing from `work`, so what waits elsewhere never waits behind rendering."""

    TIMERS = "timers"
    SEAL = "seal"
    WORK = "work"


STAGE_ORDER: Final[tuple[StageName, ...]] = tuple(StageName)

# Celery task names, `noun.verb`. A recording has something to do (argument: its id): it is sealed, and the rest is queued.
RECORDING_ADVANCE: Final = "recording.advance"
# Something is due: the worker takes what is most urgent.
WORK_RUN: Final = "work.run"
# A task was placed (argument: its id).
TASK_RUN: Final = "task.run"
# Timer jobs without arguments.
PIPELINE_RESEND: Final = "pipeline.resend"
RECORDINGS_RECONCILE: Final = "recordings.reconcile"
HOT_COPIES_EXPIRE: Final = "hot_copies.expire"
ARCHIVE_CHECK: Final = "archive.check"
# Also sent when policies or holds have changed, so that nobody waits for the timer.
RETENTION_APPLY: Final = "retention.apply"
HOLDS_APPLY: Final = "holds.apply"
PURGES_ADVANCE: Final = "purges.advance"
ARCHIVE_READ_BACK: Final = "archive.read_back"
AUDIT_CHECK_NEW: Final = "audit.check_new"
AUDIT_CHECK: Final = "audit.check"
STORAGE_SAMPLE: Final = "storage.sample"
EXPORTS_EXPIRE: Final = "exports.expire"

_QUEUES: Final = {
    RECORDING_ADVANCE: Queue.SEAL,
    WORK_RUN: Queue.WORK,
    TASK_RUN: Queue.WORK,
    ARCHIVE_READ_BACK: Queue.WORK,  # hours, where the archive is large
}


def queue_of(job: str) -> Queue:
    """The queue of a job by its name; jobs without one of their own are the timer's."""
    return _QUEUES.get(job, Queue.TIMERS)
