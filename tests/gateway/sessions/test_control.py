"""Commands to one session keep their order, whatever holds one of them up."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gateway.audit import Actor
from gateway.core.session import CloseReason, Verb
from gateway.db.models import SessionCommand
from gateway.db.repositories import session_commands, sessions
from gateway.session_commands import Command, place
from gateway.sessions.control import carry_out_commands
from gateway.sessions.recorder import RecorderLostError
from gateway.sessions.registry import LiveSession
from tests.gateway.proxies.desktop.waiting import eventually
from tests.gateway.sessions.test_recovery import Gateways


class SlowControls:
    """Locks when it is let; the rest at once."""

    def __init__(self) -> None:
        self.may_lock = asyncio.Event()
        self.did: list[str] = []

    async def lock(self, command: SessionCommand) -> None:
        await self.may_lock.wait()
        self.did.append(command.verb)

    async def unlock(self, command: SessionCommand) -> None:
        self.did.append(command.verb)

    async def message(self, command: SessionCommand) -> None:
        self.did.append(command.text)


@pytest.fixture
def gateways(tmp_path: Path) -> Iterator[Gateways]:
    made = Gateways(f"sqlite:///{tmp_path}/db", tmp_path)
    yield made
    made.state.database.close()


def tell(gateways: Gateways, session_id: str, *commands: Command) -> None:
    with gateways.state.database.write() as session:
        running = sessions.find(session, session_id)
        assert running is not None
        for command in commands:
            place(session, running, command, Actor("Cora"))
            session.flush()


def test_an_unlock_does_not_overtake_its_lock_and_nothing_holds_up_the_end(gateways: Gateways) -> None:
    session_id, _ = gateways.leave_open("a")

    async def scenario() -> None:
        controls = SlowControls()
        live = LiveSession(session_id, "t", "u", asyncio.get_running_loop().create_future(), controls)
        gateways.state.registry.add(live)
        tell(gateways, session_id, Command(Verb.LOCK, "wait"), Command(Verb.UNLOCK, "go on"))
        tell(gateways, session_id, Command(Verb.MESSAGE, "one"), Command(Verb.MESSAGE, "two"))
        looking = asyncio.create_task(carry_out_commands(gateways.state, 0.01))
        await eventually(lambda: controls.did == ["one", "two"], "the messages")
        tell(gateways, session_id, Command(Verb.END, "enough", CloseReason.TERMINATED))
        assert (await live.ended).text == "enough"
        assert controls.did == ["one", "two"], "the unlock waits for the lock"
        controls.may_lock.set()
        await eventually(lambda: controls.did[2:] == ["lock", "unlock"], "lock, then unlock")
        await eventually(lambda: is_locked(gateways, session_id) is False and not pending(gateways), "all is settled")
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking

    asyncio.run(scenario())


class LostControls(SlowControls):
    """Of a session whose recorder is lost: nothing may be shown any more."""

    async def message(self, command: SessionCommand) -> None:
        self.did.append(command.text)
        raise RecorderLostError("the disk is full")


def test_what_could_not_be_recorded_is_not_called_done(gateways: Gateways) -> None:
    session_id, _ = gateways.leave_open("a")

    async def scenario() -> None:
        controls = LostControls()
        live = LiveSession(session_id, "t", "u", asyncio.get_running_loop().create_future(), controls)
        gateways.state.registry.add(live)
        tell(gateways, session_id, Command(Verb.MESSAGE, "one"))
        looking = asyncio.create_task(carry_out_commands(gateways.state, 0.01))
        await eventually(lambda: len(controls.did) > 1, "it is tried, and tried again")
        assert pending(gateways) == [Verb.MESSAGE]
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking

    asyncio.run(scenario())


def is_locked(gateways: Gateways, session_id: str) -> bool:
    with gateways.state.database.read() as session:
        row = sessions.find(session, session_id)
        return row is not None and row.is_locked


def pending(gateways: Gateways) -> list[str]:
    with gateways.state.database.read() as session:
        return [one.verb for one in session_commands.pending(session, "a") if one.verb is not Verb.END]
