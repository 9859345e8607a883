"""One thread that does what it is given, one after the other, while the event loop goes on.

Callers: the recorder, for writes: a disk that does not answer stops this thread and not the sessions of everyone else. An
executor would do as well and takes twice as long to answer (45 us against 25 us a hop, measured with uvloop), which each
batch of a session would pay.
"""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeVar

Result = TypeVar("Result")
_Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[object]", Callable[[], object]]


class Lane:
    """The thread begins with the first piece of work. It is a daemon: one that the disk holds keeps no process alive."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    async def run(self, work: Callable[[], Result]) -> Result:
        """Have it done after all that was given before; its result or error. Cancelling only stops the waiting."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work_off, name=self._name, daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[object] = loop.create_future()
        self._jobs.put((loop, done, work))
        return await done  # type: ignore[return-value] # it is work's

    def stop(self) -> None:
        """Let the thread end once it has done what it was given."""
        self._jobs.put(None)

    def _work_off(self) -> None:
        while (job := self._jobs.get()) is not None:
            loop, done, work = job
            result: object = None
            error: Exception | None = None
            try:
                result = work()
            except Exception as caught:  # noqa: BLE001 - whatever it is, it is for whoever waits
                error = caught
            try:
                loop.call_soon_threadsafe(_settle, done, result, error)
            except RuntimeError:  # the loop is closed: nobody waits any more
                return


def _settle(done: "asyncio.Future[object]", result: object, error: Exception | None) -> None:
    if done.done():  # whoever waited has given up
        return
    if error is not None:
        done.set_exception(error)
    else:
        done.set_result(result)
