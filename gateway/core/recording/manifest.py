"""The manifest of a recording: an append-only file of JSON lines that lists what the recording consists of.

Pure: converts entries to lines and back; the caller does the I/O.

Order of lines: one `header`; for each segment `segment_opened`, its `chunk`s, each once its bytes are on disk, and
`segment_closed` once it is complete; any `gap`; `ended` if the writer closed the stream cleanly; then the seal stage's
`sealing`, what it `found`, `sealed`. Signed `checkpoint`s appear in between and after the last line of each writer. A
crash can leave the last line torn and the last segment without `segment_closed`; the seal stage handles both.

Each line is canonical JSON (keys sorted, no blanks, UTF-8) and carries `previous`, the SHA-256 (hex) of the previous
line without its newline (64 zeros in the first), so that the lines form a chain (`gateway.core.recording.chain`).
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, get_args, get_type_hints

from gateway.core.errors import ReelgateError
from gateway.core.recording.entries import (
    Checkpoint,
    Chunk,
    Ended,
    Entry,
    Found,
    GapNoted,
    Header,
    Sealed,
    Sealing,
    SegmentClosed,
    SegmentOpened,
)

VERSION: Final = 2
FIRST_PREVIOUS: Final = "0" * 64
# Prefix of the signed message, so that a signature is valid for one kind of message only.
CHECKPOINT_CONTEXT: Final = b"reelgate manifest checkpoint v1\n"
_ENTRY: Final = "entry"
_PREVIOUS: Final = "previous"
_HASH: Final = re.compile("[0-9a-f]{64}")

_ENTRIES: Final[Mapping[str, type[Entry]]] = {
    "header": Header,
    "segment_opened": SegmentOpened,
    "chunk": Chunk,
    "segment_closed": SegmentClosed,
    "gap": GapNoted,
    "ended": Ended,
    "sealing": Sealing,
    "found": Found,
    "sealed": Sealed,
    "checkpoint": Checkpoint,
}
_NAMES: Final = {kind: name for name, kind in _ENTRIES.items()}
_TYPES: Final = {kind: get_type_hints(kind) for kind in _NAMES}
_FIELDS: Final = {kind: {field.name for field in fields(kind)} for kind in _NAMES}


class ManifestError(ReelgateError):
    """A malformed manifest; the text names the line."""


@dataclass(frozen=True)
class Manifest:
    """A parsed manifest. `lines` are without newlines; `torn_bytes` counts bytes of an unfinished last line."""

    entries: tuple[Entry, ...]
    lines: tuple[bytes, ...]
    torn_bytes: int

    @property
    def header(self) -> Header:
        """The first line; `parse_manifest` ensures that it is a header."""
        first = self.entries[0]
        assert isinstance(first, Header)  # noqa: S101 - established by parse_manifest
        return first

    @cached_property
    def opened(self) -> dict[int, SegmentOpened]:
        """Segments that were started, by number."""
        return {entry.number: entry for entry in self.entries if isinstance(entry, SegmentOpened)}

    @cached_property
    def closed(self) -> dict[int, SegmentClosed]:
        """Segments that are complete, by number."""
        return {entry.number: entry for entry in self.entries if isinstance(entry, SegmentClosed)}

    def pieces(self, segment: int) -> tuple[Chunk | Found, ...]:
        """Return the entries that cover the bytes of a segment, in byte order."""
        found = (entry for entry in self.entries if isinstance(entry, Chunk | Found) and entry.segment == segment)
        return tuple(sorted(found, key=lambda piece: piece.start))

    @property
    def gaps(self) -> tuple[GapNoted, ...]:
        """Gaps in the order they were noted."""
        return tuple(entry for entry in self.entries if isinstance(entry, GapNoted))

    @property
    def ended(self) -> Ended | None:
        """How the stream ended, or None if its writer did not close it."""
        return next((entry for entry in self.entries if isinstance(entry, Ended)), None)

    @property
    def sealed(self) -> Sealed | None:
        """The seal, or None while the recording is open."""
        return next((entry for entry in reversed(self.entries) if isinstance(entry, Sealed)), None)


def encode_line(entry: Entry, previous: str) -> bytes:
    """Return one line, without its newline."""
    return canonical({_ENTRY: _NAMES[type(entry)], _PREVIOUS: previous, **_values(entry)})


def canonical(values: Mapping[str, Any]) -> bytes:
    """Return canonical JSON: keys sorted, no blanks, UTF-8 (same as RFC 8785 for text and whole numbers)."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def line_hash(line: bytes) -> str:
    """Return the value of the next line's `previous`."""
    return hashlib.sha256(line).hexdigest()


def signed_message(checkpoint: Checkpoint, previous: str) -> bytes:
    """Return the message a checkpoint signs: the context, then its line without `signature`."""
    values = _values(checkpoint)
    del values["signature"]
    return CHECKPOINT_CONTEXT + canonical({_ENTRY: _NAMES[Checkpoint], _PREVIOUS: previous, **values})


def decode_line(line: bytes) -> tuple[Entry, str]:
    """Decode one line into its entry and `previous`. Raises ManifestError, also if it is not canonical."""
    values = _loaded(line)
    previous = values.pop(_PREVIOUS, None)
    entry = _built(values)
    if not isinstance(previous, str) or not _HASH.fullmatch(previous):
        raise ManifestError("it does not name the previous line")
    if encode_line(entry, previous) != line:
        raise ManifestError("not in canonical form")
    return entry, previous


def parse_manifest(data: bytes) -> Manifest:
    """Parse a whole manifest; a last line without newline is torn and only counted.

    Raises ManifestError if any other line is not an entry or does not follow the previous one, if the first is not a
    header of a known version, or if anything but its checkpoint follows the seal. Signatures are not checked.
    """
    *lines, torn = data.split(b"\n")
    if not lines:
        raise ManifestError("a manifest begins with a header")
    entries = tuple(_decoded(lines))
    sealed_at = next((at for at, entry in enumerate(entries) if isinstance(entry, Sealed)), None)
    behind = entries[sealed_at + 1 :] if sealed_at is not None else ()
    if len(behind) > 1 or not all(isinstance(entry, Checkpoint) for entry in behind):
        raise ManifestError("lines after the seal")
    return Manifest(entries, tuple(lines), len(torn))


def _decoded(lines: list[bytes]) -> Iterator[Entry]:
    expected = FIRST_PREVIOUS
    for number, line in enumerate(lines, 1):
        try:
            entry, previous = decode_line(line)
            if number == 1 and not isinstance(entry, Header):
                raise ManifestError("a manifest begins with a header")  # noqa: TRY301 - numbered below
            if previous != expected:
                raise ManifestError("does not follow the previous line")  # noqa: TRY301 - numbered below
        except ManifestError as error:
            raise ManifestError(f"line {number}: {error}") from error
        expected = line_hash(line)
        yield entry


def _loaded(line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError as error:
        raise ManifestError(f"not a manifest line: {error}") from error
    if not isinstance(values, dict):
        raise ManifestError("not a manifest line: not an object")
    return values


def _built(values: dict[str, Any]) -> Entry:
    """Build an entry from a line's values."""
    try:
        kind = _ENTRIES[values.pop(_ENTRY)]
        if values.keys() != _FIELDS[kind]:
            raise ManifestError(f"a {_NAMES[kind]} line has wrong fields")
        entry = kind(**{name: _typed(_TYPES[kind][name], value) for name, value in values.items()})
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestError(f"not a manifest line: {error}") from error
    if isinstance(entry, Header) and entry.version != VERSION:
        raise ManifestError(f"manifest of version {entry.version}; this program reads version {VERSION}")
    return entry


def _values(entry: Entry) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(entry).items()}


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
