"""What can be wrong between rows and bytes."""

from enum import StrEnum


class DiscrepancyKind(StrEnum):
    """hot_*: the copy on disk; archive_*: the copy in the archive; folder_unknown: bytes without a row."""

    HOT_MISSING = "hot_missing"
    HOT_DAMAGED = "hot_damaged"
    ARCHIVE_MISSING = "archive_missing"
    ARCHIVE_DAMAGED = "archive_damaged"
    FOLDER_UNKNOWN = "folder_unknown"
