"""The contract between the gateway and the workers: stages, their order, tasks, and the names of jobs.

A job carries ids only. Rows in the database drive the work; a job is a nudge that may be lost or arrive twice.
"""

from collections.abc import Collection
from enum import IntEnum, StrEnum
from typing import Final


class StageName(StrEnum):
    """The stages after a session has closed, in this order. Which of them a recording has comes from its kind."""

    SEAL = "seal"
    RENDER = "render"
    OCR = "ocr"
    TEXT = "text"
    INDEX = "index"
    TIER = "tier"


class TaskKind(StrEnum):
    """Kinds of tasks.

    `verify` and `reconcile` may cover all recordings (no recording id); `audit_check` covers the trail, and `watch`
    runs a watch term over all recordings.
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

    pending: not started, or to be retried at `not_before_at`; failed: given up, with the reason in its error.
    """

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNFINISHED: Final = (WorkState.PENDING, WorkState.RUNNING)


class Priority(IntEnum):
    """Order in which workers take due work, lowest first. Sealing comes before everything, whatever its priority."""

    LIVE = 0  # a session that has ended: somebody may be waiting to see what happened in it
    NORMAL = 1  # what a person or a timer asked for
    BULK = 2  # imports, reading again, exports, a watch term over everything there is


class Queue(StrEnum):
    """A queue of jobs. Some worker takes only timers and seals, which are short and so never wait behind rendering.

    What is in `render` signs nothing: a worker that takes only that needs no signing key.
    """

    TIMERS = "timers"
    SEAL = "seal"
    RENDER = "render"
    WORK = "work"


STAGE_ORDER: Final[tuple[StageName, ...]] = tuple(StageName)
# Stages that sign: the manifest, and audit events about what was done. All others only make renditions.
_SIGNING: Final = frozenset({StageName.SEAL, StageName.TIER})

# Celery task names, `noun.verb`. A recording has something to do (argument: its id): it is sealed, and the rest is queued.
RECORDING_ADVANCE: Final = "recording.advance"
# Something is due: the worker takes what is most urgent of what its queues are for.
RENDER_RUN: Final = "render.run"
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

# What wakes the workers of a queue whose work is in the database.
NUDGES: Final = {Queue.RENDER: RENDER_RUN, Queue.WORK: WORK_RUN}
_QUEUES: Final = {
    RECORDING_ADVANCE: Queue.SEAL,
    RENDER_RUN: Queue.RENDER,
    WORK_RUN: Queue.WORK,
    TASK_RUN: Queue.WORK,
    ARCHIVE_READ_BACK: Queue.WORK,  # hours, where the archive is large
}


def queue_of(job: str) -> Queue:
    """Return a job's queue by the job's name; jobs without a queue of their own use the timer's."""
    return _QUEUES.get(job, Queue.TIMERS)


def stages_of(queues: Collection[Queue]) -> frozenset[StageName]:
    """Return the stages that workers of these queues run; those of `work` help with sealing."""
    return frozenset(name for name in StageName if (Queue.WORK if name in _SIGNING else Queue.RENDER) in queues)
