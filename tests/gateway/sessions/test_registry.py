"""The sessions of a process: counted, found, ended together, waited for."""

import asyncio

from gateway.sessions import endings
from gateway.sessions.registry import LiveSession, LiveSessions


def live(session_id: str) -> LiveSession:
    return LiveSession(session_id, "t", "u", asyncio.get_running_loop().create_future())


def test_closing_all_ends_each_and_waits_until_each_is_gone() -> None:
    async def scenario() -> None:
        registry = LiveSessions()
        sessions = [live("a"), live("b")]
        for session in sessions:
            registry.add(session)
        assert (len(registry), registry.get("a"), registry.get("c")) == (2, sessions[0], None)
        closing = asyncio.create_task(registry.close_all())
        assert [await session.ended for session in sessions] == [endings.GATEWAY_STOPPED] * 2
        registry.remove(sessions[0])
        done, _ = await asyncio.wait([closing], timeout=0.05)
        assert not done, "one session is still there"
        registry.remove(sessions[1])
        await closing

    asyncio.run(scenario())


def test_the_first_ending_stands() -> None:
    async def scenario() -> None:
        session = live("a")
        session.end(endings.GATEWAY_STOPPED)
        session.end(endings.GATEWAY_STOPPED)
        assert await session.ended is endings.GATEWAY_STOPPED

    asyncio.run(scenario())
