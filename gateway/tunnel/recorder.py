"""The recording of one live session: segments and manifest, written before anything is shown.

Callers: `gateway.tunnel.opening` makes it, the relay writes and keeps it synced, `gateway.tunnel.closing` closes it.
Data goes to the recording's folder (`gateway.core.recording.layout`, `...manifest`). After any failure the recorder is
lost for good: every later write raises again, so nothing can go on unrecorded.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

from gateway.core.errors import ReelgateError
from gateway.core.recording.layout import MANIFEST, SEGMENT_FOLDER, segment_name
from gateway.core.recording.manifest import Ended, Entry, GapNoted, Header, SegmentOpened, encode_entry
from gateway.core.recording.states import GapCause
from gateway.db.columns import utc_now
from gateway.telemetry import get_logger
from gateway.tunnel.segment import FOLDER_MODE, ManifestFile, SegmentFile, fsync_folder

_log = get_logger()


class RecorderLostError(ReelgateError):
    """What happens cannot be recorded any more: the session must end."""


@dataclass(frozen=True, slots=True)
class RecorderLimits:
    """When segments change, how often they are synced, and how long a sync may take before the disk counts as lost.

    Ten seconds: disks that retry a bad sector or flush a full cache come back within a few.
    """

    segment_bytes: int
    segment_seconds: float
    fsync_seconds: float
    stall_seconds: float = 10.0


class Recorder:
    """Appends whole instructions to the current segment. Not thread-safe: one event loop owns it."""

    def __init__(self, folder: Path, header: Header, limits: RecorderLimits, pool: Executor) -> None:
        """Make the folder, the manifest with its header and the first segment, all on disk. Blocks; raises OSError.

        `pool` runs what waits for the disk, so that the event loop never does.
        """
        self.folder = folder
        self._limits = limits
        self._pool = pool
        self._full: list[SegmentFile] = []  # rotated out, not yet synced and closed
        self._lost: RecorderLostError | None = None
        (folder / SEGMENT_FOLDER).mkdir(mode=FOLDER_MODE, parents=True)
        folder.chmod(FOLDER_MODE)
        self._manifest = ManifestFile(folder / MANIFEST)
        self._note(header)
        self._segment = self._begin_segment(0)
        self._sync([], self._segment)
        for parent in (folder / SEGMENT_FOLDER, folder, folder.parent):
            fsync_folder(parent)

    def write(self, data: bytes) -> None:
        """Append whole instructions. Raises RecorderLostError; what was given may then not be shown or acted on."""
        if self._lost is not None:
            raise self._lost
        try:
            self._rotate_when_due()
            self._segment.write(data)
        except OSError as error:
            self._lose(f"writing failed: {error.strerror}", error)

    async def keep_synced(self) -> NoReturn:
        """Sync on the set interval for as long as the session runs. Raises RecorderLostError."""
        while True:
            await asyncio.sleep(self._limits.fsync_seconds)
            try:
                self._rotate_when_due()
            except OSError as error:
                self._lose(f"a new segment could not be begun: {error.strerror}", error)
            full, self._full = self._full, []
            await self._off_loop(partial(self._sync, full, self._segment))

    async def close(self, reason: str, lost_at_ms: int) -> None:
        """Sync and close everything, with the session's close reason in the manifest.

        Raises RecorderLostError when that fails, or when the recorder was lost before: the manifest then says so as far
        as it can still be written, with a gap that begins at `lost_at_ms` of the recording.
        """
        if self._lost is None:
            with suppress(RecorderLostError):
                await self._off_loop(partial(self._finish, reason))
        if self._lost is not None:
            await self._off_loop(partial(self._give_up, lost_at_ms))
            raise self._lost

    def abandon(self) -> None:
        """Let go of the files as they are: after a failure, or when the session never began."""
        for file in (*self._full, self._segment, self._manifest):
            file.close()

    def _begin_segment(self, number: int) -> SegmentFile:
        name, at = segment_name(number), utc_now()
        segment = SegmentFile(self.folder / name, number)
        self._note(SegmentOpened(number, name, at))
        return segment

    def _rotate_when_due(self) -> None:
        current = self._segment
        if not current.size_bytes:
            return
        if current.size_bytes < self._limits.segment_bytes and current.age_seconds < self._limits.segment_seconds:
            return
        self._segment = self._begin_segment(current.number + 1)
        self._full.append(current)

    def _note(self, entry: Entry) -> None:
        self._manifest.write(encode_entry(entry))

    def _sync(self, full: list[SegmentFile], current: SegmentFile) -> None:
        """Runs in a thread, one at a time for each recorder."""
        self._finish_segments(full)
        current.sync()
        self._manifest.sync()

    def _finish_segments(self, segments: list[SegmentFile]) -> None:
        if segments:
            fsync_folder(self.folder / SEGMENT_FOLDER)
        # INVARIANT: a segment is called closed only when its bytes are on disk.
        for segment in segments:
            self._note(segment.finish())

    def _finish(self, reason: str) -> None:
        self._finish_segments([*self._full, self._segment])
        self._note(Ended(utc_now(), reason))
        self._manifest.sync()
        self._manifest.close()

    def _give_up(self, lost_at_ms: int) -> None:
        """Say what can still be said, and let go of the files as they are; the seal stage looks at what is there."""
        detail = str(self._lost)
        try:
            self._note(GapNoted(lost_at_ms, None, GapCause.RECORDER_LOST, detail))
            self._note(Ended(utc_now(), "recorder_lost"))
            self._manifest.sync()
        except OSError as error:
            _log.error("manifest.lost", folder=self.folder.name, reason=error.strerror)
        self.abandon()

    async def _off_loop(self, work: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._limits.stall_seconds):
                await loop.run_in_executor(self._pool, work)
        except TimeoutError as error:
            self._lose(f"the disk did not answer within {self._limits.stall_seconds:g} s", error)
        except OSError as error:
            self._lose(f"syncing failed: {error.strerror}", error)

    def _lose(self, detail: str, cause: Exception) -> NoReturn:
        _log.error("recorder.lost", folder=self.folder.name, detail=detail)
        self._lost = self._lost or RecorderLostError(detail)
        raise self._lost from cause
