"""Inspect an original: its segments as found, and the gaps where something is missing or damaged.

Nothing found here prevents sealing: evidence is kept with its gaps noted, never dropped.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gateway.core.recording.entries import GapNoted
from gateway.core.recording.kinds import Kind
from gateway.core.recording.layout import SEGMENT_FOLDER
from gateway.core.recording.manifest import Manifest
from gateway.keys.data_key import DataKey
from gateway.storage.original.attest import digest_salt
from workers.seal.damage import gaps_of, tail_gap
from workers.seal.segment import FoundSegment, SegmentReading


@dataclass(frozen=True)
class SealInspection:
    """The whole original; `sha256` (hex) is over all segments concatenated, `digest` the same with the salt first.

    `is_shown`: whether there is anything to show (a desktop's: any frame). `duration_ms` is until the last unit with a
    time, or until the writer closed it.
    """

    segments: tuple[FoundSegment, ...]
    gaps: tuple[GapNoted, ...]
    size_bytes: int
    sha256: str
    digest: str
    is_shown: bool
    duration_ms: int


def inspect(
    kind: Kind,
    folder: Path,
    manifest: Manifest | None,
    noted: tuple[GapNoted, ...],
    key: DataKey,
    progress: Callable[[float], None],
    *,
    shortfall: str | None = None,
    is_closed: bool = False,
) -> SealInspection:
    """Read all segments in `folder` and compare them with the manifest (None if it cannot be trusted).

    `noted` are the gaps that are already known. `shortfall` says how the manifest differs from what was closed.
    `is_closed`: its writer closed it by the audit trail, though a full disk may have kept that out of the manifest.
    """
    paths = _paths(folder, kind.suffix)
    total = sum(path.stat().st_size for path in paths.values()) or 1
    salt = digest_salt(key)
    whole = (hashlib.sha256(), hashlib.sha256(salt))
    read = 0
    stream = kind.new_stream()
    found: list[FoundSegment] = []
    for number, path in paths.items():
        pieces = manifest.pieces(number) if manifest is not None else ()
        found.append(SegmentReading(number, path, folder, key, salt, stream.next_segment()).read(pieces, whole))
        read += found[-1].stored_bytes
        progress(read / total)
    is_closed = is_closed or (manifest is not None and manifest.ended is not None)
    gaps = gaps_of(found, manifest, noted, tail_gap(found, shortfall, is_closed=is_closed))
    size_bytes = sum(segment.size_bytes for segment in found)
    duration_ms = max(stream.duration_ms, _ended_ms(manifest))
    digests = whole[0].hexdigest(), whole[1].hexdigest()
    return SealInspection(tuple(found), gaps, size_bytes, *digests, stream.is_shown, duration_ms)


def _ended_ms(manifest: Manifest | None) -> int:
    """Return when its writer closed the recording; 0 if it does not say."""
    return manifest.ended.offset_ms or 0 if manifest is not None and manifest.ended is not None else 0


def _paths(folder: Path, suffix: str) -> dict[int, Path]:
    files = (folder / SEGMENT_FOLDER).glob(f"*.{suffix}")
    return dict(sorted((int(path.stem), path) for path in files if path.stem.isdecimal()))
