"""The manifest of a recording: an append-only file of JSON lines that says what the recording consists of.

Callers: `gateway.tunnel.recorder` and the import write it, the seal stage completes it, verification reads it. Pure:
entries to lines and lines to entries; who calls does the I/O.

Order of lines: one `header`; for each segment `segment_opened` and, once it is complete on disk, `segment_closed`; any
`gap`; `ended` when whoever wrote the stream closed it in order; last `sealed`, after which nothing is appended. A crash
can leave the last line torn and the last segment without `segment_closed`: the seal stage sees to both. Later entries
(hash-chained chunks, signed checkpoints) are further classes in `_ENTRIES`; VERSION rises when an old reader could
be misled by them.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any, Final, get_args, get_type_hints

from gateway.core.errors import ReelgateError
from gateway.core.recording.states import GapCause, RecordingKind

VERSION: Final = 1
_ENTRY: Final = "entry"


class ManifestError(ReelgateError):
    """A manifest that does not say what a manifest says; the text names the line."""


@dataclass(frozen=True, slots=True)
class Header:
    """First line: whose recording this is. Names are those at the start; `session_id` is None for an import."""

    version: int
    recording_id: str
    session_id: str | None
    target: str
    operator: str
    started_at: datetime
    kind: RecordingKind


@dataclass(frozen=True, slots=True)
class SegmentOpened:
    """Segment `number` (0, 1, ...) was begun; `name` is relative to the recording's folder."""

    number: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SegmentClosed:
    """Segment `number` is complete and on disk; `sha256` is hex over its bytes."""

    number: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class GapNoted:
    """An interval known not to be recorded, in ms from the first sync; `end_ms` is None where it is not known."""

    start_ms: int
    end_ms: int | None
    cause: GapCause
    detail: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The writer closed the stream in order; `reason` is the session's close reason. Missing after a crash."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """Last line: number of segments, their bytes altogether, SHA-256 (hex) over all of them joined."""

    segments: int
    size_bytes: int
    sha256: str


Entry = Header | SegmentOpened | SegmentClosed | GapNoted | Ended | Sealed

_ENTRIES: Final[Mapping[str, type[Entry]]] = {
    "header": Header,
    "segment_opened": SegmentOpened,
    "segment_closed": SegmentClosed,
    "gap": GapNoted,
    "ended": Ended,
    "sealed": Sealed,
}
_NAMES: Final = {kind: name for name, kind in _ENTRIES.items()}


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as read. `torn_bytes` counts bytes of an unfinished last line (0 when there is none)."""

    entries: tuple[Entry, ...]
    torn_bytes: int

    @property
    def header(self) -> Header:
        """The first line; `parse_manifest` has made sure that it is one."""
        first = self.entries[0]
        assert isinstance(first, Header)  # noqa: S101 - established by parse_manifest
        return first

    @property
    def opened(self) -> dict[int, SegmentOpened]:
        """Segments that were begun, by number."""
        return {entry.number: entry for entry in self.entries if isinstance(entry, SegmentOpened)}

    @property
    def closed(self) -> dict[int, SegmentClosed]:
        """Segments that are complete, by number."""
        return {entry.number: entry for entry in self.entries if isinstance(entry, SegmentClosed)}

    @property
    def gaps(self) -> tuple[GapNoted, ...]:
        """Gaps in the order they were noted."""
        return tuple(entry for entry in self.entries if isinstance(entry, GapNoted))

    @property
    def ended(self) -> Ended | None:
        """How the stream ended, or None when its writer never got to say so."""
        return next((entry for entry in self.entries if isinstance(entry, Ended)), None)

    @property
    def sealed(self) -> Sealed | None:
        """The seal, or None while the recording is open."""
        last = self.entries[-1]
        return last if isinstance(last, Sealed) else None


def encode_entry(entry: Entry) -> bytes:
    """One line, newline included. Times are ISO 8601 in UTC."""
    values = {name: _plain(value) for name, value in asdict(entry).items()}
    return (json.dumps({_ENTRY: _NAMES[type(entry)], **values}, separators=(",", ":")) + "\n").encode()


def decode_entry(line: bytes) -> Entry:
    """The entry of one line (without its newline). Raises ManifestError."""
    try:
        values = json.loads(line)
        kind = _ENTRIES[values.pop(_ENTRY)]
        types = get_type_hints(kind)
        if values.keys() != {field.name for field in fields(kind)}:
            raise ManifestError(f"a {_NAMES[kind]} line has other fields than it should")
        return kind(**{name: _typed(types[name], value) for name, value in values.items()})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError(f"not a manifest line: {error}") from error


def parse_manifest(data: bytes) -> Manifest:
    """Read a whole manifest; a last line without newline is torn and only counted.

    Raises ManifestError when any other line is not an entry, the first is not a header of a known version, or
    something stands behind the seal.
    """
    *lines, torn = data.split(b"\n")
    entries = tuple(_decode_numbered(number, line) for number, line in enumerate(lines, 1))
    if not entries or not isinstance(entries[0], Header):
        raise ManifestError("a manifest begins with a header")
    if entries[0].version != VERSION:
        raise ManifestError(f"manifest of version {entries[0].version}, this program reads {VERSION}")
    if any(isinstance(entry, Sealed) for entry in entries[:-1]):
        raise ManifestError("lines behind the seal")
    return Manifest(entries, len(torn))


def _decode_numbered(number: int, line: bytes) -> Entry:
    try:
        return decode_entry(line)
    except ManifestError as error:
        raise ManifestError(f"line {number}: {error}") from error


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _typed(kind: Any, value: Any) -> Any:
    if value is None and type(None) in get_args(kind):
        return None
    wanted = next((part for part in get_args(kind) if part is not type(None)), kind)
    if wanted is datetime:
        return datetime.fromisoformat(value)
    if isinstance(value, bool) or not isinstance(value, str if issubclass(wanted, str) else wanted):
        raise TypeError(f"{value!r} is not a {wanted.__name__}")
    return wanted(value)
