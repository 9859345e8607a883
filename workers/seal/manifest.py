"""The manifest as the seal stage finds it, and as it leaves it. Callers: `workers.seal.stage`."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from gateway.core.recording.chain import Chain, Verify, check_lines
from gateway.core.recording.entries import (
    Entry,
    GapNoted,
    Header,
    Sealed,
    Sealing,
    SegmentClosed,
    SegmentOpened,
)
from gateway.core.recording.manifest import (
    VERSION,
    Manifest,
    ManifestError,
    encode_first_version,
    parse_manifest,
)
from gateway.db.columns import utc_now
from gateway.db.models import Recording
from gateway.telemetry import get_logger
from workers.seal.findings import Findings

_log = get_logger()


@dataclass(frozen=True)
class ReadManifest:
    """`manifest` is None when it is missing or damaged; `gaps` are those that could be read in any case."""

    data: bytes
    manifest: Manifest | None
    gaps: tuple[GapNoted, ...]


def read_manifest(path: Path, recording_id: str, verify: Verify) -> ReadManifest:
    """What is there. A manifest whose lines, chain or signatures are not sound counts as damaged."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return ReadManifest(b"", None, ())
    whole = data[: data.rfind(b"\n") + 1]
    checked = check_lines(whole, verify)
    gaps = tuple(entry for entry in checked.entries.values() if isinstance(entry, GapNoted))
    reason = next((f"line {fault.line}: {fault.text}" for fault in checked.faults), None)
    try:
        manifest = parse_manifest(data)
        if manifest.header.recording_id != recording_id:
            reason = "it is another recording's"
    except ManifestError as error:
        reason = reason or str(error)
    if reason is not None:
        _log.warning("manifest.damaged", folder=path.parent.name, reason=reason)
        return ReadManifest(data, None, gaps)
    return ReadManifest(data, manifest, gaps)


def complete(read: ReadManifest, findings: Findings, recording: Recording, salt: bytes, chain: Chain) -> bytes:
    """The manifest's bytes with what sealing adds; sealing once more gives the same."""
    manifest = read.manifest
    if manifest is not None and manifest.sealed is not None:
        return read.data
    sealed = Sealed(len(findings.segments), findings.size_bytes, findings.digest)
    if manifest is None:
        entries = (_header(recording, salt), Sealing(utc_now(), 0), *_found(findings, None), *findings.gaps, sealed)
        return _signed(chain, *entries)
    before = read.data[: len(read.data) - manifest.torn_bytes]
    gaps = [gap for gap in findings.gaps if gap not in manifest.gaps]
    if manifest.header.version == 1:
        added: list[Entry] = [*gaps, sealed]
        return before + b"".join(encode_first_version(entry) + b"\n" for entry in added)
    chain.go_on(manifest)
    sealing = Sealing(utc_now(), manifest.torn_bytes)
    return before + _signed(chain, sealing, *_found(findings, manifest), *gaps, sealed)


def _signed(chain: Chain, *entries: Entry) -> bytes:
    return chain.lines(*entries) + chain.lines(chain.checkpoint(utc_now()))


def _found(findings: Findings, manifest: Manifest | None) -> Iterator[Entry]:
    """Of each segment that its writer did not close, what was found."""
    opened = manifest.opened if manifest is not None else {}
    closed = manifest.closed if manifest is not None else {}
    for segment in findings.segments:
        if segment.number not in opened:
            yield SegmentOpened(segment.number, segment.name, utc_now())
        if segment.number not in closed:
            if segment.found is not None:
                yield segment.found
            yield SegmentClosed(segment.number, segment.size_bytes, segment.stored_bytes, segment.stored_sha256)


def _header(recording: Recording, salt: bytes) -> Header:
    """Written anew from the row where the manifest was lost."""
    return Header(
        version=VERSION,
        recording_id=recording.id,
        session_id=recording.session_id,
        target=recording.target_name,
        operator=recording.operator_name,
        started_at=recording.started_at,
        kind=recording.kind,
        salt_sha256=sha256(salt).hexdigest() if salt else None,
    )
