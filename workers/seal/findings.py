"""What is there of an original: its segments as found, and the gaps where something is missing or damaged.

Callers: `workers.seal.stage`. Nothing found here keeps a recording from being sealed: evidence is kept with its gaps
noted, never dropped.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.core.guac import NEED_DATA, GuacParser
from gateway.core.guac.errors import GuacProtocolError
from gateway.core.guac.opcodes import Opcode
from gateway.core.recording.layout import SEGMENT_FOLDER
from gateway.core.recording.manifest import GapNoted, Manifest, SegmentClosed
from gateway.core.recording.states import GapCause
from gateway.storage.local import read_range

_SUFFIX: Final = ".guac"


@dataclass(frozen=True)
class FoundSegment:
    """A segment as it is on disk; `name` is relative to the recording's folder, times are guacd's clock in ms."""

    number: int
    name: str
    size_bytes: int
    sha256: str
    first_sync_ms: int | None
    last_sync_ms: int | None
    torn_bytes: int
    fault: str | None


@dataclass(frozen=True)
class Findings:
    """The whole original; `sha256` (hex) is over all segments joined."""

    segments: tuple[FoundSegment, ...]
    gaps: tuple[GapNoted, ...]
    size_bytes: int
    sha256: str

    @property
    def is_shown(self) -> bool:
        """Whether there is any frame at all: a frame ends with a `sync`."""
        return any(segment.first_sync_ms is not None for segment in self.segments)

    @property
    def duration_ms(self) -> int:
        """From the first sync to the last, 0 where there is none."""
        firsts = [segment.first_sync_ms for segment in self.segments if segment.first_sync_ms is not None]
        lasts = [segment.last_sync_ms for segment in self.segments if segment.last_sync_ms is not None]
        return max(0, lasts[-1] - firsts[0]) if firsts and lasts else 0


def examine(folder: Path, manifest: Manifest | None, progress: Callable[[float], None]) -> Findings:
    """Read all segments in `folder` and compare them with the manifest (None where it cannot be read itself)."""
    paths = _paths(folder)
    total = sum(path.stat().st_size for path in paths.values()) or 1
    whole, read = hashlib.sha256(), 0
    found: list[FoundSegment] = []
    for number, path in paths.items():
        segment = _read_segment(number, path, folder, whole)
        found.append(segment)
        read += segment.size_bytes
        progress(read / total)
    gaps = _gaps(found, manifest)
    return Findings(tuple(found), gaps, read, whole.hexdigest())


def _paths(folder: Path) -> dict[int, Path]:
    files = (folder / SEGMENT_FOLDER).glob(f"*{_SUFFIX}")
    return dict(sorted((int(path.stem), path) for path in files if path.stem.isdecimal()))


def _read_segment(number: int, path: Path, folder: Path, whole: "hashlib._Hash") -> FoundSegment:
    """One pass: digest, first and last sync, and whether it ends with a whole instruction."""
    digest, size, scan = hashlib.sha256(), 0, _Scan()
    for piece in read_range(path):
        digest.update(piece)
        whole.update(piece)
        size += len(piece)
        scan.feed(piece)
    return FoundSegment(
        number,
        str(path.relative_to(folder)),
        size,
        digest.hexdigest(),
        scan.first_sync_ms,
        scan.last_sync_ms,
        scan.parser.pending_bytes if scan.fault is None else 0,
        scan.fault,
    )


class _Scan:
    """Looks for `sync` in a segment; stops looking, and says why, where it is not the protocol."""

    def __init__(self) -> None:
        self.parser = GuacParser()
        self.first_sync_ms: int | None = None
        self.last_sync_ms: int | None = None
        self.fault: str | None = None

    def feed(self, data: bytes) -> None:
        if self.fault is not None:
            return
        try:
            self._feed(data)
        except (GuacProtocolError, ValueError, IndexError) as error:
            self.fault = str(error)

    def _feed(self, data: bytes) -> None:
        self.parser.feed(data)
        while (instruction := self.parser.next_instruction()) is not NEED_DATA:
            if instruction.opcode == Opcode.SYNC:
                self.last_sync_ms = int(instruction.args[0])
                if self.first_sync_ms is None:
                    self.first_sync_ms = self.last_sync_ms


def _gaps(found: list[FoundSegment], manifest: Manifest | None) -> tuple[GapNoted, ...]:
    """Gaps the writer noted, then those found now, each with the times between which it lies."""
    by_number = {segment.number: segment for segment in found}
    closed = manifest.closed if manifest is not None else {}
    gaps = list(manifest.gaps) if manifest is not None else []
    for number in sorted(closed.keys() | by_number.keys()):
        detail = _damage(number, by_number.get(number), closed.get(number))
        gap = GapNoted(*_around(found, number), GapCause.SEGMENT_DAMAGED, detail or "")
        if detail is not None and gap not in gaps:  # a seal that was cut short has noted it before
            gaps.append(gap)
    tail = _tail(found, manifest)
    if tail is not None and not any(gap.cause is tail.cause for gap in gaps):
        gaps.append(tail)
    return tuple(gaps)


def _damage(number: int, segment: FoundSegment | None, seal: SegmentClosed | None) -> str | None:
    """What is wrong with a segment, or None."""
    if segment is None:
        return f"segment {number} is missing"
    if seal is not None and (seal.sha256, seal.size_bytes) != (segment.sha256, segment.size_bytes):
        return f"segment {number} is not what was written: its digest has changed"
    if segment.fault is not None:
        return f"segment {number} cannot be read to its end: {segment.fault}"
    return None


def _tail(found: list[FoundSegment], manifest: Manifest | None) -> GapNoted | None:
    """How the end is missing: the writer was lost, or its last instruction was."""
    torn = found[-1].torn_bytes if found else 0
    kept = f"; {torn} bytes of an unfinished instruction are kept" if torn else ""
    start_ms, _ = _around(found, found[-1].number + 1 if found else 0)
    if manifest is None or manifest.ended is None:
        return GapNoted(start_ms, None, GapCause.GATEWAY_LOST, f"the writer never closed the recording{kept}")
    if torn:
        return GapNoted(start_ms, None, GapCause.TORN_TAIL, f"the stream ends in mid-instruction{kept}")
    return None


def _around(found: list[FoundSegment], number: int) -> tuple[int, int | None]:
    """Times of the last sync before segment `number` and of the first behind it, in ms from the first sync."""
    firsts = [(segment.number, segment.first_sync_ms) for segment in found if segment.first_sync_ms is not None]
    lasts = [segment.last_sync_ms for segment in found if segment.last_sync_ms is not None and segment.number < number]
    if not firsts:
        return 0, None
    origin = firsts[0][1]
    behind = next((first for at, first in firsts if at > number), None)
    return (max(0, lasts[-1] - origin) if lasts else 0), (None if behind is None else max(0, behind - origin))
