"""The contract between the gateway and the workers: stage names, their order, and the job names sent by name.

A job carries ids only. Stage rows in the database drive the work; a job is a nudge that may be lost or come twice.
"""

from enum import StrEnum
from typing import Final


class StageName(StrEnum):
    """The steps a recording takes after its session has closed, in this order."""

    SEAL = "seal"
    RENDER = "render"
    OCR = "ocr"
    INDEX = "index"
    TIER = "tier"


class StageState(StrEnum):
    """pending: not begun (or to be tried again at `not_before_at`); failed: gave up, a person may retry."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


STAGE_ORDER: Final[tuple[StageName, ...]] = tuple(StageName)

# Celery task names, `noun.verb`. `recording.advance` runs the next due stage of one recording (argument: recording id).
RECORDING_ADVANCE: Final = "recording.advance"
# Runs a watch term over the recordings there are (argument: watch term id).
WATCH_TERM_RUN_BACKLOG: Final = "watch_term.run_backlog"
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
