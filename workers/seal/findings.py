"""Inspect an original: its segments as found, and the gaps where something is missing or damaged.

Nothing found here prevents sealing: evidence is kept with its gaps noted, never dropped.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.core.desktop.clock import SessionClock
from gateway.core.desktop.guac import NEED_DATA, GuacParser
from gateway.core.desktop.guac.errors import GuacProtocolError
from gateway.core.recording.entries import Chunk, Found, GapNoted, SegmentClosed
from gateway.core.recording.layout import SEGMENT_FOLDER
from gateway.core.recording.manifest import Manifest
from gateway.core.recording.states import GapCause
from gateway.keys.data_key import DataKey
from gateway.storage.encryption import Decryptor, TamperedError
from gateway.storage.local import read_range
from gateway.storage.original.attest import digest_salt

_SUFFIX: Final = ".guac"


@dataclass(frozen=True)
class FoundSegment:
    """A segment on disk; `name` is relative to the recording's folder, `first_ms` and `last_ms` are session times.

    `size_bytes` and `sha256` are of the readable content, `stored_*` of the file. `found` are bytes no chunk covers,
    `torn_bytes` those of an unfinished instruction or (of the file) of an unfinished record.
    """

    number: int
    name: str
    size_bytes: int
    sha256: str
    stored_bytes: int
    stored_sha256: str
    first_ms: int | None
    last_ms: int | None
    torn_bytes: int
    fault: str | None
    found: Found | None


@dataclass(frozen=True)
class Findings:
    """The whole original; `sha256` (hex) is over all segments concatenated, `digest` the same with the salt first.

    `is_shown`: whether there is any frame, which ends with a `sync`. `duration_ms` is until the last instruction with a
    time, or until its writer closed it.
    """

    segments: tuple[FoundSegment, ...]
    gaps: tuple[GapNoted, ...]
    size_bytes: int
    sha256: str
    digest: str
    is_shown: bool
    duration_ms: int


def examine(
    folder: Path,
    manifest: Manifest | None,
    noted: tuple[GapNoted, ...],
    key: DataKey,
    progress: Callable[[float], None],
    *,
    shortfall: str | None = None,
    is_closed: bool = False,
) -> Findings:
    """Read all segments in `folder` and compare them with the manifest (None if it cannot be trusted).

    `noted` are the gaps that are already known. `shortfall` says how the manifest differs from what was closed.
    `is_closed`: its writer closed it by the audit trail, though a full disk may have kept that out of the manifest.
    """
    paths = _paths(folder)
    total = sum(path.stat().st_size for path in paths.values()) or 1
    salt = digest_salt(key)
    whole = (hashlib.sha256(), hashlib.sha256(salt))
    read = 0
    clock = SessionClock()
    found: list[FoundSegment] = []
    for number, path in paths.items():
        pieces = manifest.pieces(number) if manifest is not None else ()
        found.append(_Reading(number, path, folder, key, salt, clock).read(pieces, whole))
        read += found[-1].stored_bytes
        progress(read / total)
    is_closed = is_closed or (manifest is not None and manifest.ended is not None)
    gaps = _gaps(found, manifest, noted, _tail(found, shortfall, is_closed=is_closed))
    size_bytes = sum(segment.size_bytes for segment in found)
    duration_ms = max(clock.offset_ms, _ended_ms(manifest))
    digests = whole[0].hexdigest(), whole[1].hexdigest()
    return Findings(tuple(found), gaps, size_bytes, *digests, clock.sync_count > 0, duration_ms)


def _ended_ms(manifest: Manifest | None) -> int:
    """Return when its writer closed the recording; 0 if it does not say."""
    return manifest.ended.offset_ms or 0 if manifest is not None and manifest.ended is not None else 0


def _paths(folder: Path) -> dict[int, Path]:
    files = (folder / SEGMENT_FOLDER).glob(f"*{_SUFFIX}")
    return dict(sorted((int(path.stem), path) for path in files if path.stem.isdecimal()))


class _Reading:
    """One pass over a segment: digests, first and last time, whether it matches the chunks, how it ends."""

    def __init__(self, number: int, path: Path, folder: Path, key: DataKey, salt: bytes, clock: SessionClock) -> None:
        self._number = number
        self._path = path
        self._name = str(path.relative_to(folder))
        self._decryptor = Decryptor(key, self._name)
        self._salt = salt
        self._stored, self._stored_bytes = hashlib.sha256(), 0
        self._stored_pieces = self._measured()
        self._content, self._size_bytes = hashlib.sha256(), 0
        self._fault: str | None = None
        self._scan = _Scan(clock)

    def read(self, pieces: tuple[Chunk | Found, ...], whole: "Iterable[hashlib._Hash]") -> FoundSegment:
        vouched = _Vouched(pieces, self._salt)
        for content in self._contents():
            for digest in (self._content, *whole):
                digest.update(content)
            self._size_bytes += len(content)
            vouched.feed(content)
            self._scan.feed(content)
        for _rest in self._stored_pieces:  # behind damage nothing can be read, and the file's digest is of all
            pass
        return self._found(vouched)

    def _contents(self) -> Iterator[bytes]:
        try:
            for stored in self._stored_pieces:
                yield from self._decryptor.feed(stored)
            self._decryptor.finish(torn=True)
        except TamperedError as error:
            self._fault = str(error)

    def _measured(self) -> Iterator[bytes]:
        for stored in read_range(self._path):
            self._stored.update(stored)
            self._stored_bytes += len(stored)
            yield stored

    def _found(self, vouched: "_Vouched") -> FoundSegment:
        torn_bytes = self._scan.parser.pending_bytes if self._scan.fault is None else 0
        if self._fault is None:
            torn_bytes += self._decryptor.torn_bytes
        return FoundSegment(
            self._number,
            self._name,
            self._size_bytes,
            self._content.hexdigest(),
            self._stored_bytes,
            self._stored.hexdigest(),
            self._scan.first_ms,
            self._scan.last_ms,
            torn_bytes,
            self._fault or vouched.fault(self._size_bytes) or self._scan.fault,
            vouched.rest(self._number, self._size_bytes),
        )


class _Vouched:
    """Compare content with what the manifest covers, and digest what it does not."""

    def __init__(self, pieces: tuple[Chunk | Found, ...], salt: bytes) -> None:
        self._pieces = list(pieces)
        self._salt = salt
        self._digest = hashlib.sha256(salt)
        self._at = self._piece_start = 0
        self._wrong: str | None = None

    def feed(self, content: bytes) -> None:
        data = memoryview(content)
        while data:
            left = self._pieces[0].end - self._at if self._pieces else len(data)
            self._digest.update(data[:left])
            self._at += len(data[:left])
            data = data[left:]
            if self._pieces and self._at == self._pieces[0].end:
                self._end_piece()

    def _end_piece(self) -> None:
        piece = self._pieces.pop(0)
        if piece.digest != self._digest.hexdigest() or piece.start != self._piece_start:
            self._wrong = self._wrong or f"bytes {piece.start} to {piece.end} are not what was written"
        self._digest, self._piece_start = hashlib.sha256(self._salt), self._at

    def fault(self, size_bytes: int) -> str | None:
        if self._pieces and self._wrong is None:
            return f"bytes {size_bytes} to {self._pieces[-1].end} are missing"
        return self._wrong

    def rest(self, number: int, size_bytes: int) -> Found | None:
        """Return bytes after the last piece. Content that ends within a piece is damaged rather than found."""
        if self._pieces or size_bytes == self._piece_start:
            return None
        return Found(number, self._piece_start, size_bytes, self._digest.hexdigest())


class _Scan:
    """Pass a segment's instructions to the recording's clock; stop, and say why, at invalid protocol."""

    def __init__(self, clock: SessionClock) -> None:
        self.parser = GuacParser()
        self.first_ms: int | None = None
        self.last_ms: int | None = None
        self._clock = clock
        self.fault: str | None = None

    def feed(self, data: bytes) -> None:
        if self.fault is not None:
            return
        try:
            self._feed(data)
        except GuacProtocolError as error:
            self.fault = str(error)

    def _feed(self, data: bytes) -> None:
        self.parser.feed(data)
        while (instruction := self.parser.next_instruction()) is not NEED_DATA:
            before = self._clock.stamp_count
            self._clock.take(instruction)
            if self._clock.stamp_count > before:
                self.last_ms = self._clock.offset_ms
                self.first_ms = self.last_ms if self.first_ms is None else self.first_ms


def _gaps(
    found: list[FoundSegment], manifest: Manifest | None, noted: tuple[GapNoted, ...], tail: GapNoted | None
) -> tuple[GapNoted, ...]:
    """Return noted gaps, then those found now, each with its bounds in time."""
    by_number = {segment.number: segment for segment in found}
    closed = manifest.closed if manifest is not None else {}
    vouched = (
        {entry.segment for entry in manifest.entries if isinstance(entry, Chunk)} if manifest is not None else set()
    )
    gaps = list(noted)
    for number in sorted(closed.keys() | by_number.keys() | vouched):
        detail = _damage(number, by_number.get(number), closed.get(number))
        gap = GapNoted(*_around(found, number), GapCause.SEGMENT_DAMAGED, detail or "")
        if detail is not None and gap not in gaps:  # a seal that was cut short has noted it before
            gaps.append(gap)
    # A gap that was told of and never ended says already why the writer did not close the recording.
    is_told = any(gap.end_ms is None and gap.cause is not GapCause.SEGMENT_DAMAGED for gap in noted)
    is_damage = tail is not None and tail.cause is GapCause.SEGMENT_DAMAGED
    is_known = tail in gaps if is_damage else is_told or any(tail and gap.cause is tail.cause for gap in gaps)
    if tail is not None and not is_known:
        gaps.append(tail)
    return tuple(gaps)


def _damage(number: int, segment: FoundSegment | None, seal: SegmentClosed | None) -> str | None:
    """Return what is wrong with a segment, or None."""
    if segment is None:
        return f"segment {number} is missing"
    if segment.fault is not None:
        return f"segment {number} cannot be read to its end: {segment.fault}"
    if seal is not None and (seal.stored_sha256, seal.stored_bytes) != (segment.stored_sha256, segment.stored_bytes):
        return f"segment {number} is not what was written: its digest has changed"
    return None


def _tail(found: list[FoundSegment], shortfall: str | None, *, is_closed: bool) -> GapNoted | None:
    """Say how the end is missing: truncated later, writer lost, or last instruction torn."""
    torn = found[-1].torn_bytes if found else 0
    kept = f"; {torn} bytes of what was being written are kept" if torn else ""
    start_ms, _ = _around(found, found[-1].number + 1 if found else 0)
    if shortfall is not None:
        return GapNoted(start_ms, None, GapCause.SEGMENT_DAMAGED, f"{shortfall}{kept}")
    if not is_closed:
        return GapNoted(start_ms, None, GapCause.GATEWAY_LOST, f"the writer never closed the recording{kept}")
    if torn:
        return GapNoted(start_ms, None, GapCause.TORN_TAIL, f"the stream ends in mid-instruction{kept}")
    return None


def _around(found: list[FoundSegment], number: int) -> tuple[int, int | None]:
    """Return the last time known before segment `number` and the first after it."""
    before = [segment.last_ms for segment in found if segment.last_ms is not None and segment.number < number]
    behind = [segment.first_ms for segment in found if segment.first_ms is not None and segment.number > number]
    return (before[-1] if before else 0), (behind[0] if behind else None)
