"""Show the progress of work that this process runs in the foreground."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

LOOK_SECONDS: Final = 0.25


@contextmanager
def watching(show: Callable[[], None]) -> Iterator[threading.Event]:
    """Call `show` from a thread while the block runs, and once more at its end; yield the event that ends it."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(LOOK_SECONDS):
            show()

    thread = threading.Thread(target=watch, name="progress", daemon=True)
    thread.start()
    try:
        yield ended
    finally:
        ended.set()
        thread.join()
        show()
