"""One background thread, so that encoding runs while the next frame is drawn."""

from collections.abc import Callable
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Final, Self

Work = Callable[[], None]
# Frames waiting: enough to keep both sides busy, few enough to bound memory (a 4K frame is 12 MB).
_WAITING: Final = 4


class Background:
    """Run functions in order, one at a time. The first error is raised by the next `submit` or by `finish`."""

    def __init__(self) -> None:
        self._queue: Queue[Work | None] = Queue(_WAITING)
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, name="encoder", daemon=True)
        self._thread.start()

    def submit(self, work: Work) -> None:
        """Queue a function; wait while too many are queued."""
        self._raise()
        self._queue.put(work)

    def finish(self) -> None:
        """Wait until everything queued is done."""
        self._join()
        self._raise()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._join()

    def _join(self) -> None:
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    def _raise(self) -> None:
        if self._error:
            raise self._error

    def _run(self) -> None:
        while work := self._queue.get():
            if self._error is None:
                try:
                    work()
                except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
                    self._error = error
