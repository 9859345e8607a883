"""Entries of a manifest: one class for each kind.

`gateway.core.recording.manifest` converts them to lines and back. Digests are SHA-256 in hex over the manifest's salt
and then the bytes of the stream (the content, before encryption); `stored_*` are of the file as stored, without salt.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.core.recording.states import GapCause


class Writer(StrEnum):
    """Who wrote and signed: the gateway during the session, the worker that sealed, the import."""

    GATEWAY = "gateway"
    SEALING = "sealing"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Header:
    """First line: whose recording this is. Names are those at the start; `session_id` is None for an import.

    `kind` is a name of `gateway.core.recording.kinds`. `salt_sha256` (hex) commits to the salt of all digests without
    revealing it; None: they have no salt.
    """

    version: int
    recording_id: str
    session_id: str | None
    target: str
    operator: str
    started_at: datetime
    kind: str
    salt_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class SegmentOpened:
    """Segment `number` (0, 1, ...) was started; `name` is relative to the recording's folder."""

    number: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes `start` to `end` of segment `segment` were on disk when this was written."""

    segment: int
    start: int
    end: int
    digest: str


@dataclass(frozen=True, slots=True)
class SegmentClosed:
    """Segment `number` is complete and on disk: `size_bytes` of content, covered by its chunks, in this file."""

    number: int
    size_bytes: int
    stored_bytes: int
    stored_sha256: str


@dataclass(frozen=True, slots=True)
class GapNoted:
    """An interval known not to be recorded, in ms of the recording; `end_ms` is None if unknown."""

    start_ms: int
    end_ms: int | None
    cause: GapCause
    detail: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The writer closed the stream cleanly; `reason` is the session's close reason. Missing after a crash.

    `offset_ms` is the time in ms of the recording: its length, if nothing happened later.
    """

    at: datetime
    reason: str
    offset_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Sealing:
    """The seal stage wrote all lines after this one; `torn_bytes` of an unfinished last line were removed."""

    at: datetime
    torn_bytes: int


@dataclass(frozen=True, slots=True)
class Found:
    """Bytes that no chunk covers (the writer was killed before it could write one), as found at sealing."""

    segment: int
    start: int
    end: int
    digest: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """The end: number of segments, total bytes of content, digest over the salt and all segments concatenated."""

    segments: int
    size_bytes: int
    digest: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Signs all lines up to itself, because they are chained. `signature` (Ed25519, hex) is over the line without it."""

    number: int
    at: datetime
    writer: Writer
    key_id: str
    signature: str


Entry = Header | SegmentOpened | Chunk | SegmentClosed | GapNoted | Ended | Sealing | Found | Sealed | Checkpoint
