"""What a manifest can say: one class an entry, version 2.

Callers: `gateway.core.recording.manifest` turns them into lines and back; whoever writes or checks a recording uses them.
Digests are SHA-256 in hex over the manifest's salt and then the bytes of the stream (the content, whatever it is
encrypted to); `stored_*` are of the file as it is kept, without salt.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.core.recording.states import GapCause, RecordingKind


class Writer(StrEnum):
    """Who wrote and signed: the gateway while the session ran, the worker that sealed, the import."""

    GATEWAY = "gateway"
    SEALING = "sealing"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Header:
    """First line: whose recording this is. Names are those at the start; `session_id` is None for an import.

    `salt_sha256` (hex) commits to the salt of all digests without giving it away; None: they have no salt.
    """

    version: int
    recording_id: str
    session_id: str | None
    target: str
    operator: str
    started_at: datetime
    kind: RecordingKind
    salt_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class SegmentOpened:
    """Segment `number` (0, 1, ...) was begun; `name` is relative to the recording's folder."""

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
    """Segment `number` is complete and on disk: `size_bytes` of content, which its chunks vouch for, in this file."""

    number: int
    size_bytes: int
    stored_bytes: int
    stored_sha256: str


@dataclass(frozen=True, slots=True)
class GapNoted:
    """An interval known not to be recorded, in ms from the first sync; `end_ms` is None where it is not known."""

    start_ms: int
    end_ms: int | None
    cause: GapCause
    detail: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The writer closed the stream in order; `reason` is the session's close reason. Missing after a crash.

    `offset_ms` is when, in ms from the first sync: how long the recording is, where nothing happened after it.
    """

    at: datetime
    reason: str
    offset_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Sealing:
    """All behind this line was written by the seal stage; `torn_bytes` of an unfinished last line were taken away."""

    at: datetime
    torn_bytes: int


@dataclass(frozen=True, slots=True)
class Found:
    """Bytes that no chunk vouches for (the writer was killed before it could), as they were found at sealing."""

    segment: int
    start: int
    end: int
    digest: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """The end: number of segments, their content's bytes altogether, digest over salt and all of them joined."""

    segments: int
    size_bytes: int
    digest: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Signs all lines up to itself: they are chained. `signature` (Ed25519, hex) is over the line without it."""

    number: int
    at: datetime
    writer: Writer
    key_id: str
    signature: str


Entry = Header | SegmentOpened | Chunk | SegmentClosed | GapNoted | Ended | Sealing | Found | Sealed | Checkpoint
