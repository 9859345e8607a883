"""Waiting inside an event loop for something that the loop itself does not signal."""

import asyncio
from collections.abc import Callable

PATIENCE_SECONDS = 10


async def eventually(condition: Callable[[], bool], what: str) -> None:
    """Wait until the condition holds; fails with `what` at the deadline."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():  # noqa: ASYNC110 - files and other threads set no asyncio.Event
                await asyncio.sleep(0.005)
    except TimeoutError:
        raise AssertionError(f"not within {PATIENCE_SECONDS} s: {what}") from None
