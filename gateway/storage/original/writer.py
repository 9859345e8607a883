"""An original being written: consecutive segments, and the manifest of what is on disk.

For live sessions one thread writes and another syncs. Every method blocks and raises OSError, which the caller handles.
After a failed write, leave the current segment (`start_new_segment`): sealing finds what is on disk of it.
"""

import threading
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from gateway.core.recording.entries import Ended, Entry, Header, SegmentOpened, Writer
from gateway.core.recording.kinds import kind_of
from gateway.core.recording.layout import MANIFEST, SEGMENT_FOLDER, segment_name
from gateway.core.recording.testimony import Closing
from gateway.db.columns import utc_now
from gateway.storage.original.append import FOLDER_MODE, fsync_folder
from gateway.storage.original.attest import Attest
from gateway.storage.original.manifest_file import ManifestFile
from gateway.storage.original.segment import SegmentFile


@dataclass(frozen=True, slots=True)
class OriginalLimits:
    """When to start a new segment."""

    segment_bytes: int
    segment_seconds: float


class OriginalWriter:
    """`recorded_bytes` and `recorded_units` count what is in the segments' files.

    A unit is the smallest part that the recording's kind shows: a frame of a desktop.
    """

    def __init__(self, folder: Path, header: Header, limits: OriginalLimits, attest: Attest, writer: Writer) -> None:
        """Create the folder, the manifest with its header and the first segment, all on disk."""
        self.folder = folder
        self._suffix = kind_of(header.kind).suffix
        self._limits = limits
        self._attest = attest
        self._full: list[SegmentFile] = []  # rotated out, not yet synced and closed
        self._turning = threading.Lock()
        self._earlier_bytes = self._earlier_units = 0
        self._has_new_names = True
        (folder / SEGMENT_FOLDER).mkdir(mode=FOLDER_MODE, parents=True)
        folder.chmod(FOLDER_MODE)
        self._manifest = ManifestFile(folder / MANIFEST, attest.chain(writer))
        self._manifest.note(replace(header, salt_sha256=attest.salt_sha256))
        self._segment = self._begin_segment(0)
        self.sync()
        self._manifest.checkpoint()
        for parent in (folder, folder.parent):
            fsync_folder(parent)

    @property
    def recorded_bytes(self) -> int:
        """Return the size of the stream so far."""
        with self._turning:
            return self._earlier_bytes + self._segment.size_bytes

    @property
    def recorded_units(self) -> int:
        """Return the number of units in the stream so far."""
        with self._turning:
            return self._earlier_units + self._segment.unit_count

    @property
    def header_sha256(self) -> str:
        """SHA-256 (hex) of the manifest's first line."""
        return self._manifest.head.header_sha256

    @property
    def closing(self) -> Closing:
        """Return the current end of the original, for the audit trail."""
        head = self._manifest.head
        return Closing(head.line_count, head.checkpoint_count, head.last_line_sha256, self.recorded_bytes)

    def write(self, data: bytes, units: int = 0) -> None:
        """Append complete instructions, which complete `units` units. The kernel has the bytes when this returns."""
        self.rotate_when_due()
        self._segment.write(data, units)

    def digest(self) -> None:
        """Digest what was written, if it is enough. Call it in the writing thread while nobody waits for that."""
        self._segment.digest_when_due()

    def rotate_when_due(self) -> None:
        """Start a new segment if the current one is large or old enough. Call it in the writing thread."""
        current = self._segment
        if not current.size_bytes:
            return
        if current.size_bytes >= self._limits.segment_bytes or current.age_seconds >= self._limits.segment_seconds:
            self._turn()

    def sync(self) -> None:
        """Wait until everything written before the call is on disk, and note it in the manifest.

        One call at a time; `write` may run concurrently.
        """
        with self._turning:
            full, self._full = self._full, []
            current = self._segment
            has_new_names, self._has_new_names = self._has_new_names, False
        if has_new_names:
            fsync_folder(self.folder / SEGMENT_FOLDER)
        self._close_segments(full)
        chunks = current.cut()
        current.sync()
        current.check_unchanged()
        self._manifest.check_unchanged()
        # INVARIANT: a chunk is in the manifest only when its bytes are on disk.
        self._note_all(chunks)
        if self._manifest.is_due:
            self._manifest.checkpoint()

    def start_new_segment(self) -> None:
        """Leave the current segment as it is, after a failure, and continue in a new one that is known to be on disk."""
        left = self._segment
        self._turn(close=False)
        left.close()
        self.sync()

    def note(self, *entries: Entry) -> None:
        """Add the caller's lines to the manifest, signed and on disk."""
        self._note_all(entries)
        self._manifest.checkpoint()

    def finish(self, ended: Ended) -> None:
        """Close everything cleanly, and write so in the manifest's last lines."""
        fsync_folder(self.folder / SEGMENT_FOLDER)
        self._close_segments([*self._full, self._segment])
        self.note(ended)
        self._manifest.close()

    def abandon(self) -> None:
        """Close the files as they are: after a failure, or if the session never began. Never raises."""
        for file in (*self._full, self._segment, self._manifest):
            file.close()

    def _turn(self, *, close: bool = True) -> None:
        left = self._segment
        fresh = self._begin_segment(left.number + 1)
        with self._turning:
            self._segment, self._has_new_names = fresh, True
            self._earlier_bytes += left.size_bytes
            self._earlier_units += left.unit_count
            if close:
                self._full.append(left)

    def _begin_segment(self, number: int) -> SegmentFile:
        name, at = segment_name(number, self._suffix), utc_now()
        segment = SegmentFile(self.folder, name, number, self._attest)
        try:
            self._manifest.note(SegmentOpened(number, name, at))
        except OSError:
            segment.close()
            with suppress(OSError):  # it is empty; if it cannot be removed, sealing finds it
                (self.folder / name).unlink()
            raise
        return segment

    def _close_segments(self, segments: Sequence[SegmentFile]) -> None:
        with ExitStack() as let_go:
            for segment in segments:
                let_go.callback(segment.close)
            for segment in segments:
                chunks = segment.cut()
                # INVARIANT: a segment is called closed only when its bytes are on disk.
                self._note_all([*chunks, segment.finish()])

    def _note_all(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._manifest.note(entry)
