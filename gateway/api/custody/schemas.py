"""Bodies of a chain of custody."""

from gateway.api.audit.schemas import AuditEventOut
from gateway.audit.custody import CustodyKind


class CustodyEventOut(AuditEventOut):
    """One event that concerns the recording; `kind` is None if it belongs to none of the listed kinds."""

    kind: CustodyKind | None
