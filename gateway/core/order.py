"""Orders: work that a person or a timer asked for and that outlives a request."""

from enum import StrEnum


class OrderKind(StrEnum):
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
