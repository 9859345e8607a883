"""Start children in order, restart those that die, and end all in reverse order. No process outlives the supervisor."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from gateway.supervisor.child import Child
from gateway.supervisor.status import ChildState, write_status
from gateway.supervisor.warden import Warden
from gateway.supervisor.watched import BackOff, Watched
from gateway.telemetry import get_logger

_log = get_logger()
# timeout(1), make and shells forward a signal that the whole group already got: that is not a second request.
_SAME_WISH_SECONDS = 1.0
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """One run. `children` are started one after the other, each when the one before is ready or has failed once.

    `on_ready` is called when all of them run for the first time, `tell` with a line for the person who waits. `lock` is
    the children's lock, kept by the warden.
    """

    def __init__(
        self,
        children: Sequence[Child],
        run_dir: Path,
        lock: int,
        on_ready: Callable[[], None],
        back_off: BackOff | None = None,
        tell: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self._children = children
        self._run_dir = run_dir
        self._lock = lock
        self._on_ready = on_ready
        self._back_off = back_off
        self._tell = tell
        self._watched: list[Watched] = []
        self._announced = False
        self._asked_to_stop = asyncio.Event()
        self._asked_at: float | None = None

    async def run(self) -> None:
        """Run until TERM, INT (Ctrl-C) or HUP, and until all children have ended. Another, a second later, kills at once."""
        loop = asyncio.get_running_loop()
        for number in _STOP_SIGNALS:
            loop.add_signal_handler(number, self._on_signal)
        warden = Warden(self._lock)
        try:
            self._watched = [Watched(child, warden, self._on_change, self._back_off) for child in self._children]
            async with asyncio.TaskGroup() as group:
                guard = group.create_task(self._keep_up(warden))
                await self._start(group)
                await self._asked_to_stop.wait()
                await self._stop()
                guard.cancel()
        finally:
            warden.close()
            self._write_status()
            _log.info("supervisor.stopped")

    async def _keep_up(self, warden: Warden) -> None:
        """Replace the warden as soon as it is killed: until then nothing would end the children with the supervisor."""
        loop = asyncio.get_running_loop()
        while True:
            watched, ended = os.pidfd_open(warden.pid), asyncio.Event()
            loop.add_reader(watched, ended.set)
            try:
                await ended.wait()
            finally:
                loop.remove_reader(watched)
                os.close(watched)
            await asyncio.to_thread(warden.replace)
            _log.warning("warden.replaced", pid=warden.pid)

    async def _start(self, group: asyncio.TaskGroup) -> None:
        for number, watched in enumerate(self._watched, 1):
            if self._asked_to_stop.is_set():
                return
            self._tell(f"Starting {watched.child.name} ({number} of {len(self._watched)})")
            group.create_task(watched.keep_up())
            await self._first(watched.settled, self._asked_to_stop)

    async def _stop(self) -> None:
        _log.info("supervisor.stop_requested")
        self._tell("Stopping. Press Ctrl-C again to end everything at once.")
        for watched in reversed(self._watched):
            await watched.stop()

    def _on_signal(self) -> None:
        now = time.monotonic()
        if self._asked_at is None:
            self._asked_at = now
            self._asked_to_stop.set()
        elif now - self._asked_at >= _SAME_WISH_SECONDS:
            for watched in self._watched:
                watched.kill()

    @staticmethod
    async def _first(*events: asyncio.Event) -> None:
        waiting = [asyncio.ensure_future(event.wait()) for event in events]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()

    def _on_change(self) -> None:
        self._write_status()
        if not self._announced and all(watched.status.state is ChildState.RUNNING for watched in self._watched):
            self._announced = True
            self._on_ready()

    def _write_status(self) -> None:
        write_status(self._run_dir, [watched.status for watched in self._watched])
