"""A recording's chain of custody: the kind of each audit event.

Every tag has a kind or does not concern recordings; a test enforces this.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from gateway.audit.tags import AuditTag


class CustodyKind(StrEnum):
    """What was done with a recording."""

    CREATED = "created"
    VIEWED = "viewed"
    SEARCHED = "searched"
    REVIEWED = "reviewed"
    EXPORTED = "exported"
    HELD = "held"
    MOVED = "moved"
    RESTORED = "restored"
    VERIFIED = "verified"
    REPAIRED = "repaired"
    REREAD = "reread"
    PURGED = "purged"


TAGS: Final[Mapping[CustodyKind, frozenset[AuditTag]]] = {
    CustodyKind.CREATED: frozenset(
        {
            AuditTag.SESSION_OPENED,
            AuditTag.SESSION_CLOSED,
            AuditTag.SESSION_COMMANDED,
            AuditTag.SESSION_COMMAND_DONE,
            AuditTag.SESSION_MESSAGE_ACKNOWLEDGED,
            AuditTag.RECORDING_OPENED,
            AuditTag.RECORDING_CLOSED,
            AuditTag.RECORDING_IMPORTED,
            AuditTag.RECORDING_SEALED,
            AuditTag.RECORDER_LOST,
            AuditTag.RECORDER_RESUMED,
        }
    ),
    CustodyKind.VIEWED: frozenset({AuditTag.RECORDING_VIEWED, AuditTag.CUSTODY_VIEWED}),
    CustodyKind.SEARCHED: frozenset({AuditTag.RECORDINGS_SEARCHED, AuditTag.FINDINGS_LISTED}),
    CustodyKind.REVIEWED: frozenset({AuditTag.FINDING_REVIEWED}),
    CustodyKind.EXPORTED: frozenset(
        {
            AuditTag.RECORDING_DOWNLOADED,
            AuditTag.FINDINGS_EXPORTED,
            AuditTag.EXPORT_REQUESTED,
            AuditTag.EXPORT_FINISHED,
            AuditTag.EXPORT_DOWNLOADED,
            AuditTag.EXPORT_EXPIRED,
            AuditTag.EXPORT_LINK_CREATED,
            AuditTag.EXPORT_LINK_USED,
            AuditTag.EXPORT_LINK_REVOKED,
            AuditTag.EXPORT_LINK_REFUSED,
            AuditTag.EXPORT_MADE_BY_COMMAND,
        }
    ),
    CustodyKind.HELD: frozenset({AuditTag.HOLD_PLACED, AuditTag.HOLD_RELEASED}),
    CustodyKind.MOVED: frozenset({AuditTag.RECORDING_ARCHIVED, AuditTag.HOT_COPY_EXPIRED}),
    CustodyKind.RESTORED: frozenset({AuditTag.RESTORE_REQUESTED, AuditTag.RECORDING_RESTORED}),
    CustodyKind.VERIFIED: frozenset({AuditTag.VERIFY_REQUESTED, AuditTag.RECORDING_VERIFIED}),
    CustodyKind.REPAIRED: frozenset(
        {AuditTag.DISCREPANCY_REPAIRED, AuditTag.DISCREPANCY_REPAIR_BEGUN, AuditTag.DISCREPANCY_REPAIR_FAILED}
    ),
    CustodyKind.REREAD: frozenset(
        {
            AuditTag.STAGE_RETRIED,
            AuditTag.STAGE_RETRIED_BY_COMMAND,
            AuditTag.RECORDING_REREAD,
            AuditTag.RECORDING_REREAD_BY_COMMAND,
        }
    ),
    CustodyKind.PURGED: frozenset(
        {
            AuditTag.PURGE_MARKED,
            AuditTag.PURGE_MARKED_BY_POLICY,
            AuditTag.PURGE_CANCELLED,
            AuditTag.PURGE_CANCELLED_BY_POLICY,
            AuditTag.RECORDING_PURGED,
        }
    ),
}
# Events that are never about a recording.
ELSEWHERE: Final = frozenset(
    {
        AuditTag.SIGN_IN_SUCCEEDED,
        AuditTag.SIGN_IN_FAILED,
        AuditTag.SIGN_INS_FAILED,
        AuditTag.LOCKOUT_LIFTED,
        AuditTag.SIGN_OUT,
        AuditTag.USER_CREATED,
        AuditTag.USER_CHANGED,
        AuditTag.TARGET_CREATED,
        AuditTag.TARGET_CHANGED,
        AuditTag.TARGET_REMOVED,
        AuditTag.CREDENTIAL_SET,
        AuditTag.CREDENTIAL_REMOVED,
        AuditTag.TICKET_ISSUED,
        AuditTag.SESSION_REFUSED,
        AuditTag.WATCH_TERM_CREATED,
        AuditTag.WATCH_TERM_CHANGED,
        AuditTag.WATCH_TERM_BACKLOG_ASKED,
        AuditTag.KEY_CREATED,
        AuditTag.KEY_ROTATED,
        AuditTag.KEY_TRUSTED,
        AuditTag.RETENTION_POLICY_CREATED,
        AuditTag.RETENTION_POLICY_CHANGED,
        AuditTag.RETENTION_POLICY_REMOVED,
        AuditTag.RECONCILE_REQUESTED,
        AuditTag.RECONCILE_REQUESTED_BY_COMMAND,
        AuditTag.AUDIT_CHECK_REQUESTED,
        AuditTag.CLOCK_JUMPED,
        AuditTag.SITE_BACKED_UP,
        AuditTag.TARGET_TRIED,
    }
)
_KINDS: Final = {tag.value: kind for kind, tags in TAGS.items() for tag in tags}


def kind_of(tag: str) -> CustodyKind | None:
    """Return the kind of an event, or None."""
    return _KINDS.get(tag)
