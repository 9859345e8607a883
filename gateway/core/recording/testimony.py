"""The gateway's statements about a recording in the audit trail, at the start and end of writing it.

The manifest is on the same disk as the recording, and a truncated recording is consistent in itself. The signed audit
trail therefore also holds the manifest's first and last line, which sealing and verification compare.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self

from gateway.core.recording.entries import Header


@dataclass(frozen=True, slots=True)
class Opening:
    """Whose recording of which kind it is, and the SHA-256 (hex) of the manifest's first line, which says the same."""

    session_id: str | None
    target: str
    operator: str
    started_at: datetime
    kind: str
    header_sha256: str

    @classmethod
    def of_header(cls, header: Header, header_sha256: str) -> Self:
        """State what the manifest's first line states."""
        return cls(header.session_id, header.target, header.operator, header.started_at, header.kind, header_sha256)

    def details(self) -> dict[str, Any]:
        """Return the details of an audit event."""
        return asdict(self) | {"started_at": self.started_at.astimezone(UTC).isoformat()}

    @classmethod
    def of(cls, details: Mapping[str, Any]) -> Self:
        """Parse `details`. Raises ValueError, KeyError or TypeError."""
        names = ("session_id", "target", "operator", "kind", "header_sha256")
        given = {name: details[name] for name in names}
        return cls(started_at=datetime.fromisoformat(details["started_at"]), **given)


@dataclass(frozen=True, slots=True)
class Closing:
    """The state of manifest and original when their writer closed them; digests in hex, sizes of the content."""

    line_count: int
    checkpoint_count: int
    last_line_sha256: str
    size_bytes: int

    def details(self) -> dict[str, Any]:
        """Return the details of an audit event."""
        return asdict(self)

    @classmethod
    def of(cls, details: Mapping[str, Any]) -> Self:
        """Parse `details`. Raises KeyError."""
        return cls(*(details[name] for name in cls.__slots__))
