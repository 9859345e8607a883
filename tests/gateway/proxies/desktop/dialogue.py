"""A relay between a scripted browser and a scripted guacd."""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

from gateway.core.desktop.guac import encode
from gateway.proxies.desktop.clock import GuacdClock
from gateway.proxies.desktop.operator_input import OperatorInput
from gateway.proxies.desktop.relay import Relay, RelayLimits
from gateway.sessions.endings import Ending
from gateway.sessions.recorder import Recorder, RecorderLostError
from tests.gateway.proxies.desktop.waiting import PATIENCE_SECONDS
from tests.gateway.sessions.test_recorder import HEADER, LIMITS
from tests.parts.attesting import attest, content

RELAXED = RelayLimits(idle_seconds=600)


class ScriptedBrowser:
    """A browser that says what it is told and looks into the recording whenever it is shown something."""

    def __init__(self, recorded: Callable[[], bytes]) -> None:
        self._recorded = recorded
        self._says: asyncio.Queue[str | Ending] = asyncio.Queue()
        self._heard = asyncio.Condition()
        self.heard: list[str] = []
        self.leaves_at = ""  # an opcode at which it disconnects, before the relay goes on
        self.may_take = asyncio.Event()
        self.may_take.set()

    async def send(self, text: str) -> Ending | None:
        await self.may_take.wait()
        if not text.startswith("0."):
            assert text.encode() in self._recorded(), "shown before it was recorded"
        async with self._heard:
            self.heard.append(text)
            self._heard.notify_all()
        if self.leaves_at and f".{self.leaves_at}," in text:
            self.say(encode("disconnect"))
            for _turn in range(20):  # those that the relay needs to take it
                await asyncio.sleep(0)
        return None

    async def receive(self) -> str | Ending:
        return await self._says.get()

    def say(self, *said: bytes | Ending) -> None:
        """Send messages, or leave."""
        for item in said:
            self._says.put_nowait(item if isinstance(item, Ending) else item.decode())

    @property
    def unsaid(self) -> int:
        """How many messages the relay has not taken yet."""
        return self._says.qsize()

    async def hears(self, data: bytes) -> None:
        """Wait until this has been shown."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._heard:
            await self._heard.wait_for(lambda: data.decode() in "".join(self.heard))


class Dialogue:
    """A relay between a scripted browser and a socket whose other end plays guacd."""

    def __init__(
        self, folder: Path, pool: Executor, limits: RelayLimits, over_read: bytes, *, record_keys: bool
    ) -> None:
        self.clock = GuacdClock()
        self.recorder = Recorder(folder, HEADER, LIMITS, attest(), pool, self.clock)
        self.browser = ScriptedBrowser(self.recorded)
        self._limits, self._over_read = limits, over_read
        self._input = OperatorInput(self.clock, record_keys=record_keys)
        self.ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    async def begin(self) -> None:
        """Connect both ends and start."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        self._stream, self._ours = await asyncio.open_connection(sock=ours)
        self.guacd_hears, self.guacd = await asyncio.open_connection(sock=theirs)
        self.relay = Relay(
            "tunnel-1",
            self.browser,
            (self._stream, self._ours),
            self.recorder,
            self.clock,
            self._input,
            self._limits,
            self._over_read,
        )
        self.running = asyncio.create_task(self.relay.run(self.ended))

    async def ending(self) -> Ending:
        """How it ended."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.running

    async def guacd_reads(self, data: bytes) -> None:
        """Wait until guacd was told exactly this next."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await self.guacd_hears.readexactly(len(data)) == data

    async def close(self) -> None:
        """Let go of everything."""
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        for writer in (self._ours, self.guacd):
            writer.close()
        try:
            await self.recorder.close("operator_left")
        except RecorderLostError:
            return

    def recorded(self) -> bytes:
        """The recording as it is on disk."""
        return content(self.recorder.folder)


Play = Callable[..., None]
