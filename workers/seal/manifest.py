"""The manifest before and after sealing.

The worker signs what it finds here, so it must not mistake forged lines for the gateway's. Only lines count that the
gateway (or the import) signed, or that the audit trail names as its last. All later lines are removed, whoever wrote
them: the bytes they described become `found`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from gateway.core.recording.chain import Chain, Checked, Verify, check_lines
from gateway.core.recording.entries import (
    Checkpoint,
    Entry,
    GapNoted,
    Header,
    Sealed,
    Sealing,
    SegmentClosed,
    SegmentOpened,
    Writer,
)
from gateway.core.recording.manifest import VERSION, Manifest, line_hash, parse_manifest
from gateway.core.recording.testimony import Closing, Opening
from gateway.db.columns import utc_now
from gateway.db.models import Recording
from gateway.telemetry import get_logger
from workers.seal.inspection import SealInspection

_log = get_logger()


@dataclass(frozen=True)
class ReadManifest:
    """`manifest` holds the lines that count, and is None if there are none. `gaps` are all that could be read.

    `taken_bytes` followed those lines. `shortfall` says how they differ from what their writer closed, None: they do
    not, or it closed nothing.
    """

    data: bytes
    manifest: Manifest | None
    gaps: tuple[GapNoted, ...]
    taken_bytes: int = 0
    shortfall: str | None = None

    @property
    def is_kept_apart(self) -> bool:
        """Whether the file as found must be kept beside the sealed one: it has whole lines that do not count."""
        return self.manifest is None or b"\n" in self.data[len(self.data) - self.taken_bytes :]


def read_manifest(path: Path, opening: Opening, closing: Closing | None, verify: Verify) -> ReadManifest:
    """Read the lines that count."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return ReadManifest(b"", None, (), shortfall=_shortfall(None, closing))
    whole = data[: data.rfind(b"\n") + 1]
    checked = check_lines(whole, verify)
    gaps = tuple(entry for entry in checked.entries.values() if isinstance(entry, GapNoted))
    lines = whole.split(b"\n")[:-1]
    count = _counting(lines, checked, closing)
    counted = b"".join(line + b"\n" for line in lines[:count])
    reason = next((f"line {fault.line}: {fault.text}" for fault in check_lines(counted, verify).faults), None)
    if count and line_hash(lines[0]) != opening.header_sha256:
        reason = "its header is not the one that the recording was opened with"
    if reason is not None:
        _log.warning("manifest.damaged", folder=path.parent.name, reason=reason)
        return ReadManifest(data, None, gaps, len(data), _shortfall(None, closing))
    manifest = parse_manifest(counted)
    return ReadManifest(data, manifest, gaps, len(data) - len(counted), _shortfall(manifest, closing))


def _counting(lines: Sequence[bytes], checked: Checked, closing: Closing | None) -> int:
    """Return how many lines count, from the first."""
    doubtful = {fault.line for fault in checked.faults}
    signed = [
        (number, entry)
        for number, entry in checked.entries.items()
        if isinstance(entry, Checkpoint) and number not in doubtful
    ]
    by_writer = max((number for number, entry in signed if entry.writer is not Writer.SEALING), default=0)
    by_sealing = max((number for number, entry in signed if entry.writer is Writer.SEALING), default=0)
    if by_sealing == len(lines):  # published by a worker that was killed before it could commit
        return by_sealing
    is_closed_here = closing is not None and _has_last(lines, closing)
    return max(by_writer, closing.line_count if closing is not None and is_closed_here else 0)


def _has_last(lines: Sequence[bytes], closing: Closing) -> bool:
    return len(lines) >= closing.line_count and line_hash(lines[closing.line_count - 1]) == closing.last_line_sha256


def _shortfall(manifest: Manifest | None, closing: Closing | None) -> str | None:
    if closing is None or (manifest is not None and _has_last(manifest.lines, closing)):
        return None
    left = f"of its manifest's {closing.line_count} lines, " + (
        f"{min(len(manifest.lines), closing.line_count)} are left or another stands in the last one's place"
        if manifest is not None
        else "none can be trusted"
    )
    return f"this is not what was closed with {closing.size_bytes} bytes: {left}"


def complete(read: ReadManifest, inspection: SealInspection, header: Header, chain: Chain) -> bytes:
    """Return the manifest's bytes with what sealing adds; sealing again gives the same."""
    manifest = read.manifest
    if manifest is not None and manifest.sealed is not None:
        return read.data
    sealed = Sealed(len(inspection.segments), inspection.size_bytes, inspection.digest)
    if manifest is None:
        return _signed(chain, header, Sealing(utc_now(), 0), *_found(inspection, None), *inspection.gaps, sealed)
    before = read.data[: len(read.data) - read.taken_bytes]
    gaps = [gap for gap in inspection.gaps if gap not in manifest.gaps]
    chain.resume(manifest)
    sealing = Sealing(utc_now(), read.taken_bytes)
    return before + _signed(chain, sealing, *_found(inspection, manifest), *gaps, sealed)


def _signed(chain: Chain, *entries: Entry) -> bytes:
    return chain.lines(*entries) + chain.lines(chain.checkpoint(utc_now()))


def _found(inspection: SealInspection, manifest: Manifest | None) -> Iterator[Entry]:
    """Return what was found of each segment that its writer did not close."""
    opened = manifest.opened if manifest is not None else {}
    closed = manifest.closed if manifest is not None else {}
    for segment in inspection.segments:
        if segment.number not in opened:
            yield SegmentOpened(segment.number, segment.name, utc_now())
        if segment.number not in closed:
            if segment.found is not None:
                yield segment.found
            yield SegmentClosed(segment.number, segment.size_bytes, segment.stored_bytes, segment.stored_sha256)


def header_of(recording: Recording, opening: Opening, salt: bytes) -> Header:
    """Return the header from the audit trail, for a lost manifest: the row could say anything."""
    return Header(
        version=VERSION,
        recording_id=recording.id,
        session_id=opening.session_id,
        target=opening.target,
        operator=opening.operator,
        started_at=opening.started_at,
        kind=opening.kind,
        salt_sha256=sha256(salt).hexdigest(),
    )
