"""The thread: one thing after the other, answers to whom they belong, no waiting for what does not come."""

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from gateway.sessions.write_thread import WriteThread
from tests.gateway.proxies.desktop.waiting import eventually


def fail() -> None:
    raise ValueError("as told")


def held_files(thread: WriteThread) -> list[int]:
    """Those of the thread's that are open; what else the process has comes and goes meanwhile."""
    descriptors = (thread._asked, thread._answered)
    return [number for number in descriptors if Path(f"/proc/self/fd/{number}").is_symlink()]


def held(name: str) -> Callable[[], bool]:
    return lambda: any(thread.name == name for thread in threading.enumerate())


def test_work_is_done_in_order_and_each_gets_its_own_answer() -> None:
    async def scenario() -> None:
        thread, done = WriteThread("thread-order"), list[int]()

        def note(number: int) -> int:
            done.append(number)
            return number

        asked = [thread.run(partial(note, number), 10) for number in range(50)]
        answers = await asyncio.gather(*asked, thread.run(fail), return_exceptions=True)
        thread.stop()
        assert answers[:-1] == done == list(range(50))
        assert isinstance(answers[-1], ValueError)

    asyncio.run(scenario())


def test_who_has_given_up_takes_nobody_elses_answer() -> None:
    async def scenario() -> None:
        thread, may_end = WriteThread("thread-late"), threading.Event()
        with pytest.raises(TimeoutError):
            await thread.run(may_end.wait, 0.01)
        second = asyncio.create_task(thread.run(lambda: "second"))
        third = asyncio.create_task(thread.run(lambda: "third"))
        await asyncio.sleep(0)
        second.cancel()
        may_end.set()
        assert await third == "third"
        thread.stop()

    asyncio.run(scenario())


def test_what_comes_after_the_answer_holds_up_nobody_who_waits_for_it() -> None:
    async def scenario() -> None:
        thread, may_end = WriteThread("thread-then"), threading.Event()

        def go_on() -> None:
            may_end.wait(10)

        assert await thread.run(lambda: 1, then=go_on) == 1
        may_end.set()
        assert await thread.run(lambda: 2) == 2
        thread.stop()

    asyncio.run(scenario())


def test_a_stopped_lane_keeps_nobody_waiting_and_lets_go_of_its_files_once_it_can() -> None:
    async def scenario() -> None:
        thread, may_end = WriteThread("thread-stopped"), threading.Event()
        waiting = asyncio.create_task(thread.run(may_end.wait))
        await eventually(held("thread-stopped"), "the thread has begun")
        thread.stop()
        thread.stop()
        with pytest.raises(OSError, match="thread-stopped was stopped"):
            await waiting
        with pytest.raises(OSError, match="thread-stopped was stopped"):
            await thread.run(fail)
        assert len(held_files(thread)) == 2
        may_end.set()
        await eventually(lambda: held_files(thread) == [], "the files are closed")

    asyncio.run(scenario())
