"""Limit how often one address may try links.

A link's secret has 256 bits, so guessing is hopeless; the limit bounds the work. Kept in memory, per process.
"""

import threading
import time
from collections import OrderedDict, deque
from typing import Final

from gateway.core.network import network_of

# A person opens a page and downloads a file, several times.
MAX_ATTEMPTS: Final = 30
WINDOW_SECONDS: Final = 60.0
# Addresses remembered at once: about 2 MB. The least recently seen is dropped first.
_MAX_ADDRESSES: Final = 10_000


class AttemptLimit:
    """Count attempts by address (or another key) over a sliding window: `most` in each. Thread-safe."""

    def __init__(self, most: int = MAX_ATTEMPTS) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def allow(self, address: str) -> bool:
        """Whether the address may make this attempt; counted if it may."""
        now, key = time.monotonic(), network_of(address)
        with self._lock:
            times = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            if len(self._seen) > _MAX_ADDRESSES:
                self._seen.popitem(last=False)
            while times and times[0] <= now - WINDOW_SECONDS:
                times.popleft()
            if len(times) >= self._most:
                return False
            times.append(now)
            return True
