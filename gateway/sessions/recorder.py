"""The recording of one live session: written before anything is shown, watched while it runs.

Data goes to the recording's folder through `gateway.storage.original`; gaps are passed to `on_gap`, for the audit trail.

When recording fails, the target's policy decides. `strict`: every later write raises, so that nothing goes on unrecorded.
`degrade`: the session goes on with an open gap, and every few seconds the recorder tries to resume in a new segment. In
both cases the gap is written to the manifest as soon as that is possible.
"""

import asyncio
import errno
import shutil
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn, Protocol

from gateway.core.errors import ReelgateError
from gateway.core.policy.recording import RecordingPolicy, may_continue
from gateway.core.recording.entries import Ended, GapNoted, Header, Writer
from gateway.core.recording.states import GapCause
from gateway.core.recording.testimony import Closing
from gateway.db.columns import utc_now
from gateway.sessions.write_thread import WriteThread
from gateway.storage.original import Attest, OriginalLimits, OriginalWriter
from gateway.telemetry import get_logger

# Disks that retry a bad sector or flush a full cache come back within a few seconds.
STALL_SECONDS: Final = 10.0
# Between attempts to resume: someone has to free a full disk; a stalled one recovers on its own.
RETRY_SECONDS: Final = 3.0
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_log = get_logger()


class Clock(Protocol):
    """Tells where in the recording we are."""

    def since_start_ms(self) -> int:
        """Return the milliseconds since what is recorded began; they never go backwards."""


class RecorderLostError(ReelgateError):
    """The session can no longer be recorded: it must end."""


@dataclass(frozen=True, slots=True)
class RecorderLimits:
    """When segments change, how often they are synced, how long the disk may take, and what must stay free of it."""

    segment_bytes: int
    segment_seconds: float
    fsync_seconds: float
    stall_seconds: float = STALL_SECONDS
    retry_seconds: float = RETRY_SECONDS
    reserve_bytes: int = 0


class Recorder:
    """Append whole instructions. Owned by one event loop."""

    def __init__(
        self,
        folder: Path,
        header: Header,
        limits: RecorderLimits,
        attest: Attest,
        pool: Executor,
        clock: Clock,
        policy: RecordingPolicy = RecordingPolicy.STRICT,
    ) -> None:
        """Create the folder, the manifest and the first segment, all on disk. Blocks. Raises OSError.

        `pool` runs the syncs; writes have a thread of their own. `clock` tells where gaps are.
        """
        self.folder = folder
        self.policy = policy
        self.on_gap: Callable[[GapNoted], None] = lambda _gap: None
        self._limits = limits
        self._pool = pool
        self._clock = clock
        self._writer = OriginalWriter(
            folder, header, OriginalLimits(limits.segment_bytes, limits.segment_seconds), attest, Writer.GATEWAY
        )
        self._write_thread = WriteThread(f"recorder-{folder.name[:8]}")
        self._asked: asyncio.Future[None] | None = None  # the last request to the disk
        self._gap: GapNoted | None = None  # open since the recorder was lost
        self._owed: list[GapNoted] = []  # closed, not yet in the manifest
        self._safe_ms = self._written_ms = 0  # durable up to, written up to
        self._shown_bytes = self._shown_units = 0

    @property
    def is_lost(self) -> bool:
        """Whether nothing is being recorded now."""
        return self._gap is not None

    @property
    def header_sha256(self) -> str:
        """SHA-256 (hex) of the manifest's first line."""
        return self._writer.header_sha256

    @property
    def closing(self) -> Closing:
        """Return the current end of the recording, for the audit trail."""
        return self._writer.closing

    async def write(self, data: bytes, units: int = 0) -> bool:
        """Append whole instructions that complete so many units; return whether they are in the recording.

        False only where the policy is `degrade`. Raises RecorderLostError; the data may then not be shown or acted on.
        """
        if self._gap is None:
            try:
                write = partial(self._writer.write, data, units)
                await self._write_thread.run(write, self._limits.stall_seconds, then=self._writer.digest)
            except OSError as error:  # TimeoutError is one
                self._lose("writing failed", error, self._written_ms)
            else:
                self._written_ms = self._clock.since_start_ms()
                return True
        self._refuse_when_strict()
        return False

    def shown(self, data_bytes: int, units: int) -> None:
        """Count what has been shown to the operator."""
        self._shown_bytes += data_bytes
        self._shown_units += units

    async def keep_synced(self) -> NoReturn:
        """Sync at the set interval and compare what was shown with what was recorded. Raises RecorderLostError."""
        tried_at = time.monotonic()
        while True:
            await asyncio.sleep(self._limits.fsync_seconds)
            if self._gap is None:
                await self._sync()
                tried_at = time.monotonic()
            elif time.monotonic() - tried_at >= self._limits.retry_seconds:
                await self._resume(self._gap)
                tried_at = time.monotonic()
            self._refuse_when_strict()

    async def close(self, reason: str) -> None:
        """Sync and close everything, with the session's close reason in the manifest.

        Raises RecorderLostError under `strict` if that fails or recording was lost before; the manifest says so if it can
        still be written.
        """
        try:
            if self._gap is None:
                await self._finish(reason)
            if self._gap is not None:
                await self._give_up(self._gap, reason)
        finally:
            self._write_thread.stop()
        self._refuse_when_strict()

    def abandon(self) -> None:
        """Close the files as they are, when the session never began."""
        self._write_thread.stop()
        self._writer.abandon()

    async def _sync(self) -> None:
        until_ms = self._written_ms
        self._compare()
        try:
            await self._write_thread.run(self._writer.rotate_when_due, self._limits.stall_seconds)
            await self._ask(self._in_pool(self._sync_and_look))
        except OSError as error:
            self._lose("syncing failed", error, self._safe_ms)
        else:
            self._safe_ms = until_ms

    def _sync_and_look(self) -> None:
        self._refuse_when_full()
        self._writer.sync()
        self._write_owed_gaps()

    def _write_owed_gaps(self) -> None:
        """Write closed gaps to the manifest. Runs in one thread at a time."""
        while self._owed:
            self._writer.note(self._owed[0])
            del self._owed[0]

    async def _finish(self, reason: str) -> None:
        try:
            async with asyncio.timeout(self._limits.stall_seconds):
                if self._asked is not None:
                    await asyncio.shield(self._asked)  # the relay's end did not stop a sync that was under way
            await self._ask(self._write_thread.run(partial(self._write_end, reason)))
        except OSError as error:
            self._lose("syncing failed", error, self._safe_ms)

    def _write_end(self, reason: str) -> None:
        self._write_owed_gaps()
        self._writer.finish(Ended(utc_now(), reason, self._clock.since_start_ms()))

    def _compare(self) -> None:
        """Open a gap if more was shown than is in the segments' files."""
        recorded = self._writer.recorded_bytes, self._writer.recorded_units
        if self._shown_bytes > recorded[0] or self._shown_units > recorded[1]:
            shown = f"{self._shown_bytes} bytes with {self._shown_units} units were shown"
            detail = f"{shown}, {recorded[0]} with {recorded[1]} are in the recording"
            self._open_gap(GapNoted(self._safe_ms, None, GapCause.RECORDER_LOST, detail))

    # When the recorder is lost

    def _lose(self, doing: str, error: OSError, safe_ms: int) -> None:
        if isinstance(error, TimeoutError):
            detail = f"the disk did not answer within {self._limits.stall_seconds:g} s"
            self._open_gap(GapNoted(safe_ms, None, GapCause.DISK_STALLED, detail))
        else:
            cause = GapCause.DISK_FULL if error.errno in _FULL else GapCause.DISK_FAILED
            self._open_gap(GapNoted(safe_ms, None, cause, f"{doing}: {error.strerror}"))

    def _open_gap(self, gap: GapNoted) -> None:
        if self._gap is None:
            _log.error("recorder.lost", folder=self.folder.name, cause=gap.cause, detail=gap.detail, policy=self.policy)
            self._gap = gap
            self.on_gap(gap)

    def _refuse_when_strict(self) -> None:
        if self._gap is not None and self.policy is RecordingPolicy.STRICT:
            raise RecorderLostError(self._gap.detail)

    def _refuse_when_full(self) -> None:
        decision = may_continue(
            free_bytes=shutil.disk_usage(self.folder).free, reserve_bytes=self._limits.reserve_bytes
        )
        if not decision.allows:
            raise OSError(errno.ENOSPC, decision.reason)

    async def _resume(self, gap: GapNoted) -> None:
        """Try to resume, unless the disk has not answered the last request yet."""
        if self._asked is not None and not self._asked.done():
            return
        try:
            await self._ask(self._write_thread.run(self._start_new_segment))
        except OSError as error:
            _log.warning("recorder.not_resumed", folder=self.folder.name, reason=error.strerror or "no answer")
            return
        closed = replace(gap, end_ms=self._clock.since_start_ms())
        self._gap = None
        self._owed.append(closed)
        self._safe_ms = self._written_ms = closed.end_ms or 0
        self._shown_bytes = min(self._shown_bytes, self._writer.recorded_bytes)
        self._shown_units = min(self._shown_units, self._writer.recorded_units)
        _log.warning("recorder.resumed", folder=self.folder.name, start_ms=closed.start_ms, end_ms=closed.end_ms)
        self.on_gap(closed)

    def _start_new_segment(self) -> None:
        self._refuse_when_full()
        self._writer.start_new_segment()

    async def _give_up(self, gap: GapNoted, reason: str) -> None:
        """Write the gap and the end to the manifest if possible, then close the files; the seal stage inspects them."""
        now_ms = self._clock.since_start_ms()
        ended = Ended(utc_now(), "recorder_lost" if self.policy is RecordingPolicy.STRICT else reason, now_ms)
        self._owed.append(replace(gap, end_ms=now_ms))
        try:
            if self._asked is not None and not self._asked.done():
                raise TimeoutError
            await self._ask(self._write_thread.run(partial(self._write_last, ended)))
        except OSError as error:
            # The audit trail has the gap; the seal stage reads it there.
            _log.error("manifest.lost", folder=self.folder.name, reason=error.strerror or "the disk does not answer")
        self._writer.abandon()

    def _write_last(self, ended: Ended) -> None:
        with suppress(OSError):  # what cannot be synced is not vouched for; sealing finds what of it is there
            self._writer.sync()
        self._write_owed_gaps()
        self._writer.note(ended)

    # Requests to the disk

    async def _in_pool(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def _ask(self, answer: Coroutine[Any, Any, None]) -> None:
        """Wait for the disk for `stall_seconds` at most; the request itself goes on. Raises OSError."""
        self._asked = asyncio.ensure_future(answer)
        self._asked.add_done_callback(_hear)
        async with asyncio.timeout(self._limits.stall_seconds):
            await asyncio.shield(self._asked)


def _hear(answer: "asyncio.Future[None]") -> None:
    """Mark a late answer's error as retrieved; the next request looks at it."""
    if not answer.cancelled():
        answer.exception()
