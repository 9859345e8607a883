"""Verify that every byte of a recording is what was recorded, or report which file and which bytes are wrong.

Reads rows, manifest, files and keys; writes nothing. Checks the manifest's lines, chain and signatures; that it is the
one that was sealed (row and audit trail); each segment's file, records and digests; renditions and their origin; rows;
and with `archive` each object.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from gateway.core.errors import DamagedError, NotFoundError, UnavailableError
from gateway.core.evidence import Soundness
from gateway.core.recording.chain import Checked, check_lines
from gateway.core.recording.layout import MANIFEST, is_encrypted
from gateway.core.recording.states import GapCause, RecordingState
from gateway.db.models import ArchiveObject
from gateway.evidence.archived import check_archived
from gateway.evidence.faults import Fault, of_content, of_file, of_line, of_row
from gateway.evidence.records import Records
from gateway.evidence.renditions import check_origin, check_rendition
from gateway.evidence.rows import Rows, check_seal, check_segments, check_testimony, extra_files
from gateway.evidence.segments import SegmentCheck, Vouched
from gateway.keys.data_key import DataKey
from gateway.storage.files import RecordingFiles
from gateway.storage.original.attest import digest_salt

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Verdict:
    """The result. `facts`: how much was checked, and the known gaps."""

    outcome: Soundness
    faults: tuple[Fault, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    reason: str = ""  # why it could not be checked


def verify(
    files: RecordingFiles, rows: Rows, *, archive: bool = False, progress: Progress = lambda _done: None
) -> Verdict:
    """Verify a recording.

    If it cannot be checked (not sealed yet, purged, a key or the archive unavailable), it is unknown.
    """
    state = rows.recording.state
    if (denied := _denied(rows)) is not None:
        return Verdict(Soundness.DAMAGED, (denied,))
    if state in {RecordingState.OPEN, RecordingState.PURGED}:
        why = "it is not sealed yet" if state is RecordingState.OPEN else "it was purged: there is nothing to check"
        return Verdict(Soundness.UNKNOWN, reason=why)
    try:
        return _Verification(files, rows, progress).run(archive=archive)
    except UnavailableError as error:
        return Verdict(Soundness.UNKNOWN, reason=str(error))


def _denied(rows: Rows) -> Fault | None:
    """Return the fault if the row's state would prevent the check but the audit trail contradicts it."""
    state, said = rows.recording.state, rows.said
    if state is RecordingState.OPEN and said.sealed:
        return of_row(
            "recordings", "the row says that it is not sealed yet, but the audit trail says that it was sealed"
        )
    if state is RecordingState.PURGED and rows.recording.purged_at is not None and not said.is_purged:
        return of_row("recordings", "the row says that it was purged, but the audit trail does not")
    return None


class _Verification:
    _key: DataKey

    def __init__(self, files: RecordingFiles, rows: Rows, progress: Progress) -> None:
        self._files = files
        self._rows = rows
        self._recording = rows.recording
        self._progress = progress
        self._faults: list[Fault] = []
        self._looked_bytes = 0

    def run(self, *, archive: bool) -> Verdict:
        try:
            self._key = self._files.key_of(self._recording)
        except (DamagedError, NotFoundError) as error:
            return Verdict(Soundness.DAMAGED, (of_row("recording_keys", str(error)),))
        self._faults += check_testimony(self._rows.said)
        checked = self._check_manifest()
        if checked is not None:
            self._check_originals(checked)
        for rendition in self._rows.renditions:
            self._check_rendition(rendition.name)
        if archive:
            for stored in self._rows.archived:
                self._check_archived(stored)
        self._faults += extra_files(self._files.folder(self._recording), self._rows)
        self._progress(1.0)
        outcome = Soundness.DAMAGED if self._faults else Soundness.WHOLE
        return Verdict(outcome, tuple(self._faults), self._facts(checked, archive=archive))

    def _facts(self, checked: Checked | None, *, archive: bool) -> dict[str, Any]:
        return {
            "bytes": self._looked_bytes,
            "segments": len(self._rows.segments),
            "renditions": len(self._rows.renditions),
            "archived": len(self._rows.archived) if archive else None,
            "archive_checked": archive or not self._rows.archived,
            "signed_through_line": checked.signed_through if checked else 0,
            "gaps": [
                {"start_ms": gap.start_ms, "end_ms": gap.end_ms, "cause": gap.cause, "detail": gap.detail}
                for gap in self._rows.gaps
            ],
        }

    # The manifest

    def _check_manifest(self) -> Checked | None:
        try:
            data = b"".join(self._count(self._files.open_stored(self._recording, MANIFEST)))
        except NotFoundError:
            self._faults.append(of_file(MANIFEST, "it is missing"))
            return None
        checked = check_lines(data, self._rows.verify)
        faults = [of_line(MANIFEST, fault.line, fault.text) for fault in checked.faults]
        faults = faults or check_seal(self._rows, checked, data, digest_salt(self._key))
        self._faults += faults
        return checked

    # Originals

    def _check_originals(self, checked: Checked) -> None:
        doubtful = {fault.line for fault in checked.faults}
        entries = {line: entry for line, entry in checked.entries.items() if line not in doubtful}
        salt = digest_salt(self._key)
        plain, salted = hashlib.sha256(), hashlib.sha256(salt)
        checks: list[SegmentCheck] = []
        for row in self._rows.segments:
            vouched = Vouched.of(row.number, entries, is_complete=not doubtful)
            check = SegmentCheck(row.name, vouched, salt, (plain, salted))
            self._run(check)
            checks.append(check)
        found = [fault for check in checks for fault in check.faults]
        self._faults += found or check_segments(self._rows, checks, entries, plain.hexdigest(), salted.hexdigest())
        # Damage from before sealing is known, but the recording is still not intact.
        told = {fault.file for fault in found}
        self._faults += [
            of_row("gaps", gap.detail)
            for gap in self._rows.gaps
            if gap.cause is GapCause.SEGMENT_DAMAGED and not any(name in gap.detail for name in told)
        ]

    def _run(self, check: SegmentCheck) -> None:
        is_hot = self._files.hot_path(self._recording, check.name) is not None
        try:
            check.run(self._records(check.name, is_hot=is_hot), is_stored=is_hot)
        except NotFoundError:
            check.faults.append(of_file(check.name, "it is missing"))
        except DamagedError as error:
            check.faults.append(of_content(check.name, check.size_bytes, check.size_bytes, str(error)))

    # Renditions and archived copies

    def _check_rendition(self, name: str) -> None:
        rendition = next(row for row in self._rows.renditions if row.name == name)
        is_hot = self._files.hot_path(self._recording, name) is not None
        try:
            self._faults += check_rendition(rendition, self._records(name, is_hot=is_hot), is_stored=is_hot)
        except NotFoundError:
            self._faults.append(of_file(name, "it is missing"))
        except DamagedError as error:
            self._faults.append(of_file(name, str(error)))
        self._faults += check_origin(rendition, self._recording)

    def _check_archived(self, stored: ArchiveObject) -> None:
        try:
            pieces = self._files.archive.open_range(stored.key, version_id=stored.version_id)
        except NotFoundError:
            self._faults.append(of_file(f"archive:{stored.name}", "it is no longer in the archive"))
            return
        self._faults += check_archived(stored, self._count(pieces), self._key, self._hot_bytes(stored))

    def _hot_bytes(self, stored: ArchiveObject) -> bytes | None:
        """Return the bytes of a small file in clear, to tell which bytes of a copy differ."""
        if is_encrypted(stored.name) or self._files.hot_path(self._recording, stored.name) is None:
            return None
        return b"".join(self._files.open_stored(self._recording, stored.name))

    # Reading

    def _records(self, name: str, *, is_hot: bool) -> Records:
        """Read the hot file record by record; of an archived copy the content, which may be stored differently."""
        if is_hot:
            return Records(self._count(self._files.open_stored(self._recording, name)), self._key, name)
        return Records(self._count(self._files.open(self._recording, name)), None, name)

    def _count(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        total = self._rows.total_bytes or 1
        for piece in pieces:
            self._looked_bytes += len(piece)
            self._progress(min(1.0, self._looked_bytes / total))
            yield piece
