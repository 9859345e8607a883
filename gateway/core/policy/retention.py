"""What retention is decided by: the words. The decisions join them here."""

from enum import StrEnum


class RiskClass(StrEnum):
    """How much depends on a target and on who reaches it; retention policies and later rules go by it."""

    STANDARD = "standard"
    VENDOR = "vendor"
    DOMAIN_ADMIN = "domain_admin"
    PRODUCTION = "production"


class PurgeState(StrEnum):
    """marked: bytes still there, grace running; purging: bytes go; purged: gone, tombstone written; cancelled: kept."""

    MARKED = "marked"
    PURGING = "purging"
    PURGED = "purged"
    CANCELLED = "cancelled"
