"""Keep one child running: start it, wait until it is ready, and restart it with growing pauses when it dies."""

import asyncio
import errno
import os
import shutil
import signal
import time
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import IO

from gateway.supervisor import tree
from gateway.supervisor.child import Child
from gateway.supervisor.status import ChildState, ChildStatus
from gateway.supervisor.warden import Warden, ending_with_starter
from gateway.telemetry import get_logger

_log = get_logger()
_READY_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class BackOff:
    """Pauses before a child is started again: doubled at each failure, from `first` to `longest`.

    Half a second repairs a crash before a person notices; half a minute keeps a broken program from using up the
    machine. After a child has run for `steady` seconds, its next failure gets the first pause again.
    """

    first: float = 0.5
    longest: float = 30.0
    steady: float = 60.0

    def pause(self, failures: int) -> float:
        """Return the seconds to wait after that many failures in a row (at least one)."""
        # The exponent is bounded so that a child failing for weeks does not overflow.
        return min(self.longest, self.first * 2.0 ** min(failures - 1, 30))


class Watched:
    """One child and its status. `keep_up` runs until `stop`; `settled` is set once it is ready or has failed once."""

    def __init__(
        self, child: Child, warden: Warden, on_change: Callable[[], None], back_off: BackOff | None = None
    ) -> None:
        self.child = child
        self.status = ChildStatus(child.name)
        self.settled = asyncio.Event()
        self._warden = warden
        self._on_change = on_change
        self._back_off = back_off or BackOff()
        self._stopping = asyncio.Event()
        self._process: Process | None = None

    async def keep_up(self) -> None:
        """Start and restart the child until `stop` is called; return when it has ended."""
        failures = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            await self._run_once()
            if self._stopping.is_set():
                break
            failures = 1 if time.monotonic() - began > self._back_off.steady else failures + 1
            await self._pause(self._back_off.pause(failures))
        self._enter(ChildState.STOPPED)

    async def stop(self) -> None:
        """Send TERM to the child; at its deadline, kill it and all it started."""
        self._stopping.set()
        process = self._process
        if process is None:
            return
        with suppress(ProcessLookupError):  # it has just ended on its own
            process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), self.child.stop_seconds)
        if process.returncode is None:
            _log.warning("child.killed", child=self.child.name, after_seconds=self.child.stop_seconds)
        await asyncio.to_thread(tree.end, [process.pid])

    def kill(self) -> None:
        """Kill the child and all it started; it is not restarted."""
        self._stopping.set()
        if self._process is not None:
            tree.send([self._process.pid], signal.SIGKILL)

    async def _run_once(self) -> None:
        try:
            process = await self._spawn()
        except OSError as error:
            self._note_exit(f"cannot start: {error}")
            return
        self._process = process
        self._warden.add(process.pid)
        self.status.pid, self.status.start_ticks = process.pid, tree.start_ticks(process.pid)
        self._enter(ChildState.STARTING)
        if self._stopping.is_set():  # asked to stop while it was being started
            self.kill()
        await self._until_ready(process)
        returncode = await process.wait()
        # Remaining processes would hold its port or its files, as guacd's connections do.
        await asyncio.to_thread(tree.end, [process.pid])
        self._warden.remove(process.pid)
        self._process = self.status.pid = None
        self._note_exit(_describe(returncode))

    async def _spawn(self) -> Process:
        """Start the program. Raises OSError."""
        child, env = self.child, self.child.environment()
        # Checked here, because setpriv would report a missing program only in the child's log.
        if shutil.which(child.command[0], path=env.get("PATH")) is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), child.command[0])
        with ExitStack() as stack:
            output: IO[bytes] | None = None
            if child.log is not None:
                output = stack.enter_context(child.log.open("ab"))
            return await asyncio.create_subprocess_exec(
                *ending_with_starter(child.command),
                env=env,
                cwd=child.cwd,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    async def _until_ready(self, process: Process) -> None:
        """Wait until the child is ready or has ended. If it is not ready in time, end it as a failure."""
        deadline = time.monotonic() + self.child.ready_seconds
        while process.returncode is None:
            if await asyncio.to_thread(self.child.is_ready):
                self._enter(ChildState.RUNNING)
                self.settled.set()
                return
            if time.monotonic() > deadline:
                _log.warning("child.not_ready", child=self.child.name, after_seconds=self.child.ready_seconds)
                await asyncio.to_thread(tree.end, [process.pid])
                return
            await asyncio.sleep(_READY_POLL_SECONDS)

    async def _pause(self, seconds: float) -> None:
        self._enter(ChildState.BACKING_OFF)
        _log.warning("child.backed_off", child=self.child.name, seconds=seconds)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        if not self._stopping.is_set():
            self.status.restarts += 1

    def _note_exit(self, how: str) -> None:
        self.status.last_exit = how
        self.settled.set()
        if not self._stopping.is_set():
            # One line; the child's output is in its log, or above if it has none.
            about = {} if self.child.log is None else {"log": str(self.child.log)}
            _log.error("child.exited", child=self.child.name, how=how, **about)

    def _enter(self, state: ChildState) -> None:
        self.status.enter(state)
        if state in {ChildState.RUNNING, ChildState.STOPPED}:
            _log.debug(f"child.{state}", child=self.child.name, pid=self.status.pid)
        self._on_change()


def _describe(returncode: int) -> str:
    if returncode < 0:
        return f"signal {signal.Signals(-returncode).name}"
    return f"exit {returncode}"
