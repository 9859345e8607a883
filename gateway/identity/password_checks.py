"""Hash passwords in one low-priority thread with a short queue in front of it.

A hash takes 64 MiB and up to four cores (argon2id with four lanes). In the thread pool shared by all routes, twenty
sign-in attempts delayed every live session and took a gigabyte.
"""

import asyncio
import os
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from gateway.core.errors import BusyError
from gateway.core.network import network_of
from gateway.identity.passwords import hash_password, verify_password

# A hash takes 0.1 to 0.3 s, so nobody in the queue waits for more than a few seconds.
MOST_AT_ONCE: Final = 16
# Half of it, so that one address alone cannot keep others from signing in.
MOST_PER_ADDRESS: Final = 8
RETRY_SECONDS: Final = 2
# The lowest priority (setpriority(2)): live sessions come first.
_NICENESS: Final = 19


class PasswordChecks:
    """Checks and hashes one password at a time. Call `slot` and `verify` on the event loop, `hash` from any thread."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "passwords", initializer=_lower_priority)
        self._by_network: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """Return the number of slots in use."""
        return self._by_network.total()

    @contextmanager
    def slot(self, address: str) -> Iterator[None]:
        """Reserve a slot for a sign-in. Raises BusyError immediately if there is none."""
        network = network_of(address)
        if self.count >= MOST_AT_ONCE or self._by_network[network] >= MOST_PER_ADDRESS:
            raise BusyError("too many sign-ins at the moment; try again in a few seconds", RETRY_SECONDS)
        self._by_network[network] += 1
        try:
            yield
        finally:
            self._by_network[network] -= 1
            self._by_network += Counter()  # drops entries with a count of zero

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Like `verify_password`. Hold a slot meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, verify_password, password, password_hash)

    def hash(self, password: str) -> str:
        """Like `hash_password`. Blocks."""
        return self._pool.submit(hash_password, password).result()

    def close(self) -> None:
        """Stop the thread; queued checks are cancelled."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _lower_priority() -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
