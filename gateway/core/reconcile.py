"""Discrepancies between rows, bytes and the audit trail."""

from enum import StrEnum


class DiscrepancyKind(StrEnum):
    """hot_*: the copy on disk; archive_*: the copy in the archive; folder_unknown: bytes without a row.

    hot_leftover: files on disk of a recording that should be only in the archive. purged_remains: bytes of a purged
    one. *_missing: the audit trail has it, but no row does. state_contradicted: the row's state contradicts the trail.
    """

    HOT_MISSING = "hot_missing"
    HOT_DAMAGED = "hot_damaged"
    HOT_LEFTOVER = "hot_leftover"
    ARCHIVE_MISSING = "archive_missing"
    ARCHIVE_DAMAGED = "archive_damaged"
    FOLDER_UNKNOWN = "folder_unknown"
    PURGED_REMAINS = "purged_remains"
    RECORDING_MISSING = "recording_missing"
    SESSION_MISSING = "session_missing"
    STATE_CONTRADICTED = "state_contradicted"


# What only reading a file to its end can tell: it stays open until a look that deep finds the file sound.
DAMAGED = frozenset({DiscrepancyKind.HOT_DAMAGED, DiscrepancyKind.ARCHIVE_DAMAGED})
# Something is gone, altered or hidden; of the other kinds, there is too much.
LOSSES = (
    DiscrepancyKind.HOT_MISSING,
    DiscrepancyKind.HOT_DAMAGED,
    DiscrepancyKind.ARCHIVE_MISSING,
    DiscrepancyKind.ARCHIVE_DAMAGED,
    DiscrepancyKind.RECORDING_MISSING,
    DiscrepancyKind.SESSION_MISSING,
    DiscrepancyKind.STATE_CONTRADICTED,
)
# What is found by going through the audit trail, and not by looking at one recording.
BY_TRAIL = frozenset(
    {DiscrepancyKind.RECORDING_MISSING, DiscrepancyKind.SESSION_MISSING, DiscrepancyKind.STATE_CONTRADICTED}
)
IN_ARCHIVE = frozenset({DiscrepancyKind.ARCHIVE_MISSING, DiscrepancyKind.ARCHIVE_DAMAGED})
