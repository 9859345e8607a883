"""Orders: work requested by a person or a timer that outlives the request."""

from enum import StrEnum


class OrderKind(StrEnum):
    """Kinds of orders.

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
