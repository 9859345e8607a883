"""The audit trail: what people did, append-only and hash-chained, in the transaction of the change."""

from gateway.audit.tags import AuditTag
from gateway.audit.trail import Actor, record

__all__ = ["Actor", "AuditTag", "record"]
