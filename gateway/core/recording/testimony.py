"""What the gateway says of a recording in the audit trail, when it begins and ends to write it.

The manifest lies on the same disk as the recording, and a recording that is cut shorter is whole in itself. So its first
line and its last are in the signed audit trail as well, and sealing and verification compare.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Opening:
    """Whose recording it is, and the SHA-256 (hex) of the manifest's first line, which says the same."""

    session_id: str | None
    target: str
    operator: str
    started_at: datetime
    header_sha256: str

    def details(self) -> dict[str, Any]:
        """For an audit event."""
        return asdict(self) | {"started_at": self.started_at.astimezone(UTC).isoformat()}

    @classmethod
    def of(cls, details: Mapping[str, Any]) -> Self:
        """What `details` gave. Raises ValueError, KeyError or TypeError."""
        names = ("session_id", "target", "operator", "header_sha256")
        given = {name: details[name] for name in names}
        return cls(started_at=datetime.fromisoformat(details["started_at"]), **given)


@dataclass(frozen=True, slots=True)
class Closing:
    """How the manifest and the original ended when their writer closed them; digests in hex, sizes of the content."""

    line_count: int
    checkpoint_count: int
    last_line_sha256: str
    size_bytes: int

    def details(self) -> dict[str, Any]:
        """For an audit event."""
        return asdict(self)

    @classmethod
    def of(cls, details: Mapping[str, Any]) -> Self:
        """What `details` gave. Raises KeyError."""
        return cls(*(details[name] for name in cls.__slots__))
