"""The relay as a dialogue: what guacd and the browser say, what each hears, what is recorded, how it ends."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.core.desktop.guac import encode
from gateway.core.desktop.guac.status import GuacStatus
from gateway.core.session import CloseReason
from gateway.proxies.desktop import endings as desktop_endings
from gateway.proxies.desktop.clock import GuacdClock
from gateway.proxies.desktop.operator_input import OperatorInput
from gateway.proxies.desktop.relay import INSTRUCTIONS_AT_ONCE, MAX_INSTRUCTIONS_PER_MESSAGE, Relay, RelayLimits
from gateway.proxies.desktop.statuses import error_instruction, status_of
from gateway.sessions import endings
from gateway.sessions.endings import Ending
from gateway.sessions.recorder import Recorder, RecorderLostError
from tests.gateway.proxies.desktop.waiting import PATIENCE_SECONDS, eventually
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
        relay = Relay(
            "tunnel-1",
            self.browser,
            (self._stream, self._ours),
            self.recorder,
            self.clock,
            self._input,
            self._limits,
            self._over_read,
        )
        self.running = asyncio.create_task(relay.run(self.ended))

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


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    """Runs a scene: an async function that is given a dialogue that has begun."""
    with ThreadPoolExecutor(2) as pool:

        def run(
            scene: Callable[[Dialogue], Awaitable[None]],
            limits: RelayLimits = RELAXED,
            over_read: bytes = b"",
            *,
            record_keys: bool = True,
        ) -> None:
            async def scenario() -> None:
                dialogue = Dialogue(tmp_path / "r1", pool, limits, over_read, record_keys=record_keys)
                await dialogue.begin()
                try:
                    await scene(dialogue)
                finally:
                    await dialogue.close()

            asyncio.run(scenario())

        yield run


def test_the_tunnel_is_named_first_and_what_was_over_read_comes_next(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(encode("sync", 6))
        await dialogue.browser.hears(encode("sync", 6))
        assert dialogue.browser.heard[0] == "0.,8.tunnel-1;"
        assert "".join(dialogue.browser.heard[1:]).encode() == encode("sync", 5) + encode("sync", 6)

    play(scene, over_read=encode("sync", 5))


def test_messages_hold_whole_instructions_whatever_guacd_writes(play: Play) -> None:
    said = encode("img", "ä🙂") + encode("blob", 1, "x" * 100) + encode("sync", 9)

    async def scene(dialogue: Dialogue) -> None:
        for start in range(0, len(said), 7):
            dialogue.guacd.write(said[start : start + 7])
            await asyncio.sleep(0)
        await dialogue.browser.hears(encode("sync", 9))
        assert all(message.endswith(";") for message in dialogue.browser.heard)
        assert "".join(dialogue.browser.heard[1:]).encode() == said == dialogue.recorded()

    play(scene)


def test_what_the_operator_does_is_recorded_before_guacd_hears_it(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(encode("sync", 1000))
        await dialogue.browser.hears(encode("sync", 1000))
        dialogue.browser.say(encode("mouse", 1, 2, 0), encode("key", 65, 1))
        await dialogue.guacd_reads(encode("mouse", 1, 2, 0) + encode("key", 65, 1))
        acts = dialogue.recorded().removeprefix(encode("sync", 1000))
        assert acts.startswith(b"5.mouse,1.1,1.2,1.0,4.")
        assert b";3.key,2.65,1.1,4." in acts

    play(scene)


def test_pings_are_returned_and_neither_recorded_nor_passed_on(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.say(encode("", "ping", 17), encode("nop"))
        await dialogue.browser.hears(encode("", "ping", 17))
        await dialogue.guacd_reads(encode("nop"))
        assert dialogue.recorded() == b""

    play(scene)


@pytest.mark.parametrize(
    ("said", "ending"),
    [
        (encode("disconnect"), endings.OPERATOR_LEFT),
        (endings.OPERATOR_LEFT, endings.OPERATOR_LEFT),
        (endings.PEER_LOST, endings.PEER_LOST),
        (encode("select", "vnc"), desktop_endings.BAD_INPUT),
        (b"not guacamole", desktop_endings.BAD_INPUT),
        (encode("blob", 1, "x" * 300_000), desktop_endings.BAD_INPUT),
        (encode("nop")[:-1], desktop_endings.BAD_INPUT),
        (encode("nop") * (MAX_INSTRUCTIONS_PER_MESSAGE + 1), desktop_endings.FLOODED),
        (b"3.nop;" * 43_000, desktop_endings.FLOODED),
        (encode("", "ping", 1) * (MAX_INSTRUCTIONS_PER_MESSAGE + 1), desktop_endings.FLOODED),
    ],
)
def test_how_the_browser_can_end_it(play: Play, said: bytes | Ending, ending: Ending) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.say(said)
        assert await dialogue.ending() is ending

    play(scene)


@pytest.mark.parametrize("per_message", [1, MAX_INSTRUCTIONS_PER_MESSAGE])
def test_more_instructions_than_any_input_needs_end_the_session(play: Play, per_message: int) -> None:
    async def scene(dialogue: Dialogue) -> None:
        for _ in range(INSTRUCTIONS_AT_ONCE * 20 // per_message):
            dialogue.browser.say(encode("nop") * per_message)
        assert await dialogue.ending() == desktop_endings.FLOODED
        assert dialogue.browser.unsaid, "it was read to the end"

    play(scene)


def test_a_clipboard_of_a_megabyte_is_no_flood(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.say(*[encode("nop")] * 500, encode("disconnect"))
        assert await dialogue.ending() == endings.OPERATOR_LEFT

    play(scene)


def test_messages_that_wait_leave_the_other_sessions_their_turn(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        turns = 0
        dialogue.browser.say(*[encode("nop")] * 300, encode("disconnect"))
        while not dialogue.running.done():
            await asyncio.sleep(0)
            turns += 1
        assert turns > 300

    play(scene)


def test_guacd_hears_that_the_operator_disconnects(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.say(encode("disconnect"))
        await dialogue.guacd_reads(encode("disconnect"))

    play(scene)


@pytest.mark.parametrize(
    ("said", "reason", "status"),
    [
        (encode("sync", 1) + encode("disconnect"), CloseReason.TARGET_LEFT, GuacStatus.SUCCESS),
        (encode("disconnect"), CloseReason.TARGET_UNREACHABLE, GuacStatus.UPSTREAM_NOT_FOUND),
        (encode("error", "no route", 0x0207), CloseReason.TARGET_UNREACHABLE, GuacStatus.UPSTREAM_NOT_FOUND),
        (encode("error", "bad password", 0x0301), CloseReason.TARGET_SIGN_IN_FAILED, GuacStatus.CLIENT_UNAUTHORIZED),
        (encode("required", "password"), CloseReason.CREDENTIAL_MISSING, GuacStatus.CLIENT_UNAUTHORIZED),
        (encode("required", "username", "<b>"), CloseReason.CREDENTIAL_MISSING, GuacStatus.CLIENT_UNAUTHORIZED),
        (encode("required"), CloseReason.CREDENTIAL_MISSING, GuacStatus.CLIENT_UNAUTHORIZED),
        (encode("error", "logged off", 0x020B), CloseReason.TARGET_LEFT, GuacStatus.SUCCESS),
        (encode("error", "?", "lots"), CloseReason.TARGET_ERROR, GuacStatus.UPSTREAM_ERROR),
        (
            encode("error", "?", 0x0207) + encode("disconnect"),
            CloseReason.TARGET_UNREACHABLE,
            GuacStatus.UPSTREAM_NOT_FOUND,
        ),
        (b"", CloseReason.GUACD_LOST, GuacStatus.SERVER_ERROR),
        (b"HTTP/1.1 200 OK", CloseReason.PROTOCOL_ERROR, GuacStatus.UPSTREAM_ERROR),
        (b"3.img,2.\xff\xff;", CloseReason.PROTOCOL_ERROR, GuacStatus.UPSTREAM_ERROR),
    ],
)
def test_how_guacd_can_end_it(play: Play, said: bytes, reason: CloseReason, status: GuacStatus) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(said)
        dialogue.guacd.close()
        ending = await dialogue.ending()
        assert (ending.reason, status_of(ending)) == (reason, status)

    play(scene)


def test_what_guacd_says_before_it_leaves_is_shown(play: Play) -> None:
    said = encode("sync", 1) + encode("error", "no route", 0x0207)

    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(said)
        dialogue.guacd.close()
        assert (await dialogue.ending()).is_shown
        assert "".join(dialogue.browser.heard[1:]).encode() == said == dialogue.recorded()

    play(scene)


def test_a_browser_that_leaves_because_of_an_error_is_not_the_reason(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(encode("error", "no route", 0x0207))
        await dialogue.browser.hears(encode("error", "no route", 0x0207))
        dialogue.browser.say(encode("disconnect"))
        assert (await dialogue.ending()).reason == CloseReason.TARGET_UNREACHABLE

    play(scene)


@pytest.mark.parametrize("said", [encode("required", "password"), encode("disconnect")])
def test_a_browser_that_leaves_because_nothing_was_opened_is_not_the_reason(play: Play, said: bytes) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.leaves_at = "error"
        dialogue.guacd.write(said)
        assert (await dialogue.ending()).reason != CloseReason.OPERATOR_LEFT

    play(scene)


def test_a_disconnect_is_the_operators_however_fast_guacd_answers_it(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.say(encode("disconnect"))
        dialogue.guacd.write(encode("disconnect"))
        dialogue.guacd.close()
        assert await dialogue.ending() is endings.OPERATOR_LEFT

    play(scene)


def test_a_disconnect_before_any_frame_is_shown_as_an_error_first(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(encode("disconnect"))
        await dialogue.ending()
        shown = "".join(dialogue.browser.heard[1:]).encode()
        assert shown == error_instruction(desktop_endings.NOT_OPENED) + encode("disconnect") == dialogue.recorded()

    play(scene)


def test_it_can_be_ended_from_outside(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.ended.set_result(endings.TERMINATED)
        assert await dialogue.ending() is endings.TERMINATED

    play(scene)


def test_nothing_is_shown_once_it_cannot_be_recorded(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(encode("sync", 1))
        await dialogue.browser.hears(encode("sync", 1))
        monkeypatch.setattr("gateway.storage.original.append.os.write", full_disk)
        dialogue.guacd.write(encode("sync", 2))
        assert await dialogue.ending() is endings.RECORDER_LOST
        monkeypatch.undo()
        assert "".join(dialogue.browser.heard[1:]).encode() == encode("sync", 1)

    play(scene)


def test_nothing_is_done_that_cannot_be_recorded(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.guacd.write(encode("sync", 1))
        await dialogue.browser.hears(encode("sync", 1))
        monkeypatch.setattr("gateway.storage.original.append.os.write", full_disk)
        dialogue.browser.say(encode("key", 65, 1))
        assert await dialogue.ending() is endings.RECORDER_LOST
        monkeypatch.undo()
        await dialogue.close()
        assert await dialogue.guacd_hears.read() == b""

    play(scene)


def full_disk(_descriptor: int, _data: bytes) -> int:
    raise OSError(28, "No space left on device")


def test_without_input_it_ends_at_the_idle_limit_although_the_browser_is_there(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.say(encode("nop"), encode("sync", 1))
        assert await dialogue.ending() is endings.IDLE_LIMIT

    play(scene, RelayLimits(idle_seconds=0.2))


def test_a_browser_that_says_nothing_is_lost(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        async def keep_talking() -> None:
            while True:
                dialogue.guacd.write(encode("nop"))
                await asyncio.sleep(0.05)

        talking = asyncio.create_task(keep_talking())
        assert await dialogue.ending() is endings.PEER_LOST
        talking.cancel()

    play(scene, replace(RELAXED, quiet_seconds=0.3))


def test_a_guacd_that_says_nothing_is_lost(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        async def keep_talking() -> None:
            while True:
                dialogue.browser.say(encode("nop"))
                await asyncio.sleep(0.05)

        talking = asyncio.create_task(keep_talking())
        assert await dialogue.ending() is desktop_endings.GUACD_LOST
        talking.cancel()

    play(scene, replace(RELAXED, quiet_seconds=0.3))


def test_guacd_hears_from_us_while_the_operator_is_silent(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        await dialogue.guacd_reads(encode("nop") * 3)

    play(scene, replace(RELAXED, nop_seconds=0.02))


def test_what_comes_at_once_is_shown_in_messages_that_a_browser_draws_soon(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        said = encode("blob", 1, "x" * 6000) * 60 + encode("sync", 1)
        dialogue.guacd.write(said)
        await dialogue.browser.hears(encode("sync", 1))
        shown = dialogue.browser.heard[1:]
        assert "".join(shown).encode() == said == dialogue.recorded()
        assert all(message.endswith(";") for message in shown)
        assert max(map(len, shown)) < 80_000

    play(scene)


def test_a_slow_browser_holds_guacd_back_and_nothing_piles_up(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        dialogue.browser.may_take.clear()
        frame, offered = encode("blob", 1, "x" * 8000), 0

        async def offer() -> None:
            nonlocal offered
            while True:
                dialogue.guacd.write(frame)
                await dialogue.guacd.drain()
                offered += len(frame)

        offering = asyncio.create_task(offer())
        before = -1
        while before != offered:  # until guacd cannot get rid of any more
            before = offered
            await asyncio.sleep(0.1)
        assert offered > 65_536, "guacd was never relayed"
        # What is in both sockets' and streams' buffers; without back-pressure it would be hundreds of megabytes.
        assert offered < 2 * 2**20
        assert len(dialogue.recorded()) <= 2 * 65_536
        dialogue.browser.may_take.set()
        await eventually(lambda: offered >= before + 2**20, "guacd can write on")
        offering.cancel()

    play(scene)


def test_a_slow_guacd_holds_the_browser_back(play: Play) -> None:
    async def scene(dialogue: Dialogue) -> None:
        blob = encode("blob", 1, "x" * 8000)
        dialogue.browser.say(encode("file", 1, "text/plain", "large.txt"), *[blob] * 2000)
        before = -1
        while before != (left := dialogue.browser.unsaid):
            before = left
            await asyncio.sleep(0.1)
        assert left > 1000, "16 MB were taken from the browser while guacd took nothing"
        assert not dialogue.running.done()

    play(scene)
