"""The sessions that run in this process."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Protocol

from gateway.db.models import SessionCommand
from gateway.sessions import endings
from gateway.sessions.endings import Ending
from gateway.telemetry import get_logger

# Threads for syncs: one a second for each session, some milliseconds each on a healthy disk.
_DISK_THREADS: Final = 16
# Longer than the slowest close: ten seconds for a stalled disk, then ten for the browser.
_CLOSE_ALL_SECONDS: Final = 25.0

_log = get_logger()


class Controls(Protocol):
    """How a session of some kind does what it is told. All are recorded, and shown to the operator."""

    async def lock(self, command: SessionCommand) -> None:
        """Take no input from now on; release what is held down."""

    async def unlock(self, command: SessionCommand) -> None:
        """Take input again."""

    async def message(self, command: SessionCommand) -> None:
        """Show a message."""


@dataclass(eq=False, slots=True)
class LiveSession:
    """A running session. `ended` is set to end it from outside; `controls` are there while something can be shown."""

    session_id: str
    target_id: str
    user_id: str
    ended: "asyncio.Future[Ending]"
    controls: Controls | None = None

    def end(self, ending: Ending) -> None:
        """End the session, unless it is ending already. Event loop only."""
        if not self.ended.done():
            self.ended.set_result(ending)


class LiveSessions:
    """Running sessions by id. `disk_pool` runs what waits for the disk on their behalf."""

    def __init__(self) -> None:
        self._sessions: dict[str, LiveSession] = {}
        self._all_gone = asyncio.Event()
        self._all_gone.set()
        self.disk_pool = ThreadPoolExecutor(_DISK_THREADS, "recorder")

    def __len__(self) -> int:
        return len(self._sessions)

    def __iter__(self) -> Iterator[LiveSession]:
        return iter(tuple(self._sessions.values()))

    def get(self, session_id: str) -> LiveSession | None:
        """Return the running session with this id."""
        return self._sessions.get(session_id)

    def add(self, live: LiveSession) -> None:
        """Register a session: from now on it is counted and can be ended."""
        self._sessions[live.session_id] = live
        self._all_gone.clear()

    def remove(self, live: LiveSession) -> None:
        """Remove a session that has ended and whose recording and rows are closed."""
        self._sessions.pop(live.session_id, None)
        if not self._sessions:
            self._all_gone.set()

    def end_all(self, ending: Ending) -> None:
        """End all sessions."""
        for live in self:
            live.end(ending)

    async def close_all(self, ending: Ending = endings.GATEWAY_STOPPED) -> None:
        """End every session and wait until their recordings are closed; then the disk threads go too."""
        self.end_all(ending)
        try:
            async with asyncio.timeout(_CLOSE_ALL_SECONDS):
                await self._all_gone.wait()
        except TimeoutError:
            _log.error("sessions.left_open", session_count=len(self))
        self.disk_pool.shutdown(wait=False, cancel_futures=True)
