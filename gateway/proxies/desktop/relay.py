"""The two pumps between a browser and guacd: symmetric, bounded, recorded first.

Knows streams and the `Browser` interface below, no HTTP and no database. Every expected end is an `Ending`; only bugs raise.
"""

import asyncio
import re
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Final, Protocol

from gateway.core.budget import Budget
from gateway.core.desktop.guac.errors import GuacProtocolError
from gateway.core.desktop.guac.instruction import Instruction, encode
from gateway.core.desktop.guac.opcodes import Opcode
from gateway.core.desktop.guac.parser import NEED_DATA, GuacParser, WholeInstructions
from gateway.proxies.desktop import endings as desktop_endings
from gateway.proxies.desktop.accepted import Accepted
from gateway.proxies.desktop.clock import GuacdClock
from gateway.proxies.desktop.operator_input import OperatorInput
from gateway.proxies.desktop.statuses import error_instruction
from gateway.sessions import endings
from gateway.sessions.endings import Ending
from gateway.sessions.recorder import Recorder, RecorderLostError

# What waits in guacd's socket is recorded together: a busy screen then costs one write and one change of threads, not one
# for each message, which saves a fifth of the CPU of a flood (docs/relay.md). A slow browser holds back guacd after about
# two of these (this and the stream's buffer) and the socket's own buffer.
_BATCH_BYTES: Final = 256 * 1024
# The size of messages to the browser, which draws nothing of a message before all of it has come.
_MESSAGE_BYTES: Final = 64 * 1024
# A browser sends clipboard and files in blobs of 8 KiB; none of its messages comes near this.
_MAX_MESSAGE_CHARACTERS: Final = 256 * 1024
# The browser's client sends one instruction a message. A person's input is some hundred a second at most (a mouse, touch,
# `sync` of 60 frames), a clipboard of a megabyte 180 in a row. An instruction costs some 20 us of the loop all sessions share.
MAX_INSTRUCTIONS_PER_MESSAGE: Final = 500
INSTRUCTIONS_PER_SECOND: Final = 1000
INSTRUCTIONS_AT_ONCE: Final = 2000
# How long one message may keep the event loop before the other sessions have their turn.
_TURN_SECONDS: Final = 0.005
_NOP: Final = encode(Opcode.NOP)
_TIMESTAMP: Final = re.compile(r"[0-9]{1,18}\Z", re.ASCII)


class Browser(Protocol):
    """The browser's end of the tunnel. Both methods wait for a slow peer; neither raises if the peer has left."""

    async def send(self, text: str) -> Ending | None:
        """Send whole instructions as one message; return the ending if the browser is gone."""

    async def receive(self) -> str | Ending:
        """Return the next message, or the ending if the browser is gone."""


@dataclass(frozen=True, slots=True)
class RelayLimits:
    """Time limits, checked every second.

    `idle_seconds`: without input from the operator. `quiet_seconds`: for a peer to send or take something (guacd's own
    limit is 15 s). `nop_seconds`: guacd gets something at least this often (the manual asks for 5 s).
    """

    idle_seconds: float
    quiet_seconds: float = 15.0
    nop_seconds: float = 5.0


class _Wait:
    """A context for waiting for a peer. `ending` applies if that takes too long.

    `_keep_alive` checks them all; a timer of asyncio's for each wait would cost every batch 10 us.
    """

    def __init__(self, ending: Ending) -> None:
        self.ending = ending
        self.since: float | None = None

    def __enter__(self) -> None:
        self.since = time.monotonic()

    def __exit__(self, *_error: object) -> None:
        self.since = None


class Relay:
    """One session's traffic.

    `tunnel_id` is in the first message, which opens the tunnel in the browser. `over_read`: bytes of guacd that were read
    with the handshake.
    """

    def __init__(
        self,
        tunnel_id: str,
        browser: Browser,
        guacd: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        recorder: Recorder,
        clock: GuacdClock,
        operator_input: OperatorInput,
        limits: RelayLimits,
        over_read: bytes = b"",
    ) -> None:
        self._tunnel_id = tunnel_id
        self._browser = browser
        self._reader, self._writer = guacd
        self._recorder = recorder
        self._clock = clock
        self._input = operator_input
        self._limits = limits
        self._over_read = over_read
        self.on_acknowledged: Callable[[str], None] = lambda _notice_id: None
        self._browser_budget = Budget(INSTRUCTIONS_PER_SECOND, INSTRUCTIONS_AT_ONCE)
        self._input_turn = asyncio.Lock()  # input is accepted, recorded and forwarded in one order
        self._farewell: Ending | None = None  # announced by guacd's `error`
        self._has_left = False  # the browser sent `disconnect`, and guacd had announced nothing
        self._wrote_at = self._acted_at = time.monotonic()
        self._reading_from_guacd, self._writing_to_guacd = (
            _Wait(desktop_endings.GUACD_LOST),
            _Wait(desktop_endings.GUACD_LOST),
        )
        self._reading_from_browser, self._writing_to_browser = _Wait(endings.PEER_LOST), _Wait(endings.PEER_LOST)

    async def run(self, ended: "asyncio.Future[Ending]") -> Ending:
        """Relay until one side ends it, `ended` is set from outside, or it cannot be recorded any more."""
        pumps = [
            asyncio.ensure_future(ended),
            asyncio.create_task(self._keep_recorded()),
            asyncio.create_task(self._keep_alive()),
            # Before the other: guacd answers an operator's `disconnect` with its own at once.
            asyncio.create_task(
                _guarded(self._browser_to_guacd(), desktop_endings.GUACD_LOST, desktop_endings.BAD_INPUT)
            ),
            asyncio.create_task(
                _guarded(self._guacd_to_browser(), desktop_endings.GUACD_LOST, desktop_endings.BAD_OUTPUT)
            ),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            return self._final_ending(next(pump.result() for pump in pumps if pump.done()))
        finally:
            # INVARIANT: nothing moves in either direction once the session has an ending.
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def lock(self, notice: bytes) -> None:
        """Take no input from now on, release what is held down, and show the notice."""
        self._input.is_locked = True  # at once, also while guacd takes nothing and the turn is long
        async with self._input_turn:
            await self._pass_on(self._input.lock())
        await self.tell(notice)

    async def unlock(self, notice: bytes) -> None:
        """Take input again, and show the notice. The time that was locked does not count as idle."""
        self._input.unlock()
        self._acted_at = time.monotonic()
        await self.tell(notice)

    async def tell(self, notice: bytes) -> None:
        """Record an instruction of the gateway's own and show it."""
        await self._recorder.write(notice)
        await self._browser.send(notice.decode())

    def _final_ending(self, ending: Ending) -> Ending:
        """Return the reason guacd announced by `error`, if this ending only follows from it."""
        leaving = ending in (endings.OPERATOR_LEFT, endings.PEER_LOST, desktop_endings.GUACD_LOST)
        return self._farewell if leaving and self._farewell is not None else ending

    async def _guacd_to_browser(self) -> Ending:
        whole = WholeInstructions(watched=(Opcode.SYNC, Opcode.ERROR, Opcode.REQUIRED, Opcode.DISCONNECT))
        data = self._over_read
        if (gone := await self._browser.send(encode(Opcode.INTERNAL, self._tunnel_id).decode())) is not None:
            return gone
        while True:
            ending = await self._record_and_show(whole, data)
            if ending is not None:
                return ending
            with self._reading_from_guacd:
                data = await self._reader.read(_BATCH_BYTES)
            if not data:
                return desktop_endings.GUACD_LOST

    async def _record_and_show(self, whole: WholeInstructions, data: bytes) -> Ending | None:
        """Record and show all complete instructions; return the ending on `disconnect` or if the browser is gone."""
        messages: list[bytes] = []
        frames, ending = 0, None
        for at in range(0, len(data), _MESSAGE_BYTES):
            message = whole.feed(data[at : at + _MESSAGE_BYTES])
            frames += sum(instruction.opcode == Opcode.SYNC for instruction in whole.seen)
            ending = self._look_at(whole.seen)
            if ending is not None and not ending.is_shown:
                # Before guacd's `disconnect`: after it a browser does not listen any more.
                message, ending = error_instruction(ending) + message, replace(ending, is_shown=True)
                self._farewell = ending  # the browser leaves because of it, perhaps before we are done
            if message:
                messages.append(message)
            if ending is not None:
                break
        if messages and (gone := await self._show(messages, frames)) is not None:
            return gone
        return ending

    async def _show(self, messages: list[bytes], frames: int) -> Ending | None:
        # INVARIANT: record first. What cannot be written raises, and is not sent.
        batch = b"".join(messages)
        if await self._recorder.write(batch, frames):
            self._recorder.shown(len(batch), frames)
        for message in messages:
            try:
                with self._writing_to_browser:
                    gone = await self._browser.send(message.decode())
            except UnicodeDecodeError:
                return desktop_endings.BAD_OUTPUT
            if gone is not None:
                return gone
        return None

    def _look_at(self, seen: list[Instruction]) -> Ending | None:
        """Follow guacd's clock and announcements; return the ending on `disconnect` or a request for a credential."""
        for instruction in seen:
            if instruction.opcode == Opcode.ERROR:
                self._farewell = replace(desktop_endings.from_error(instruction), is_shown=True)
            elif instruction.opcode == Opcode.REQUIRED:
                return desktop_endings.from_required(instruction)
            elif instruction.opcode == Opcode.DISCONNECT:
                return self._farewell or (endings.OPERATOR_LEFT if self._has_left else self._disconnect_ending())
            elif instruction.args and _TIMESTAMP.match(instruction.args[0]):
                self._clock.set(int(instruction.args[0]))
        return None

    def _disconnect_ending(self) -> Ending:
        """Return the ending for a `disconnect` without an `error` before it.

        guacd broadcasts a target's error to those who have joined the connection. If the target fails before we join, only
        `disconnect` comes, before any frame (seen with guacd 1.3.0).
        """
        return desktop_endings.NOT_OPENED if self._clock.first_ms is None else endings.TARGET_LEFT

    async def _browser_to_guacd(self) -> Ending:
        parser = GuacParser()
        while True:
            with self._reading_from_browser:
                message = await self._browser.receive()
            if isinstance(message, Ending):
                return message
            if len(message) > _MAX_MESSAGE_CHARACTERS:
                return desktop_endings.BAD_INPUT
            parser.feed(message.encode())
            async with self._input_turn:
                ending = await self._accept_all(parser)
            if ending is not None:
                return ending
            if parser.pending_bytes:
                return (
                    desktop_endings.BAD_INPUT
                )  # no browser tears instructions; a long one in tiny pieces would be read over and over
            await asyncio.sleep(0)  # a message that is there already does not make `receive` wait

    async def _accept_all(self, parser: GuacParser) -> Ending | None:
        """Handle every complete instruction of a message: answer it, or record and forward it with the others."""
        accepted: list[Accepted] = []
        ending: Ending | None = None
        count, turn_began_at = 0, time.monotonic()
        while ending is None and (instruction := parser.next_instruction()) is not NEED_DATA:
            count, now = count + 1, time.monotonic()
            if now - turn_began_at > _TURN_SECONDS:
                await asyncio.sleep(0)
                turn_began_at = now = time.monotonic()
            if count > MAX_INSTRUCTIONS_PER_MESSAGE or not self._browser_budget.take(1, now):
                ending = desktop_endings.FLOODED
            elif instruction.opcode == Opcode.INTERNAL:
                ending = await self._answer(instruction)
            elif (one := self._input.accept(instruction)) is not None:
                accepted.append(one)
                if instruction.opcode == Opcode.DISCONNECT:
                    ending = endings.OPERATOR_LEFT  # whether or not guacd is still there to hear it
                    self._has_left = self._has_left or self._farewell is None
        taken = await self._pass_on(accepted)
        return ending if taken or ending is not None else await self._guacd_gone()

    async def _answer(self, instruction: Instruction) -> Ending | None:
        """Return a tunnel ping, take note of an acknowledgement: between browser and gateway, so not recorded as input."""
        if instruction.args[:1] == ("acknowledged",):
            self.on_acknowledged("".join(instruction.args[1:2]))
        if instruction.args[:1] != ("ping",):
            return None
        return await self._browser.send(encode(Opcode.INTERNAL, *instruction.args).decode())

    async def _pass_on(self, accepted: list[Accepted]) -> bool:
        """Record and forward; return False if guacd is gone."""
        if any(one.is_user_input for one in accepted):
            self._acted_at = time.monotonic()
        if record := b"".join(one.record for one in accepted):
            # INVARIANT: record first, also what the operator does.
            await self._recorder.write(record)
        forward = b"".join(one.forward for one in accepted)
        return await self._send_to_guacd(forward) if forward else True

    async def _send_to_guacd(self, data: bytes) -> bool:
        """Write to guacd; return False if it is gone."""
        self._writer.write(data)
        self._wrote_at = time.monotonic()
        try:
            with self._writing_to_guacd:
                await self._writer.drain()
        except OSError:
            return False
        return True

    async def _guacd_gone(self) -> Ending:
        """Let the reading pump find the reason: guacd's last instructions may still be unread."""
        await asyncio.sleep(self._limits.nop_seconds)
        return desktop_endings.GUACD_LOST

    async def _keep_alive(self) -> Ending:
        """Check the limits, and send `nop` to guacd while the operator does nothing.

        A hidden browser tab may be silent for a minute; `_browser_to_guacd` notices if the browser is gone.
        """
        tick = min(1.0, self._limits.nop_seconds, self._limits.idle_seconds, self._limits.quiet_seconds)
        while True:
            await asyncio.sleep(tick)
            now = time.monotonic()
            if now - self._acted_at > self._limits.idle_seconds and not self._input.is_locked:
                return endings.IDLE_LIMIT
            for wait in (
                self._reading_from_guacd,
                self._writing_to_guacd,
                self._reading_from_browser,
                self._writing_to_browser,
            ):
                if wait.since is not None and now - wait.since > self._limits.quiet_seconds:
                    return wait.ending
            if now - self._wrote_at > self._limits.nop_seconds:
                self._writer.write(_NOP)
                self._wrote_at = now

    async def _keep_recorded(self) -> Ending:
        try:
            await self._recorder.keep_synced()
        except RecorderLostError:
            return endings.RECORDER_LOST


async def _guarded(pump: Coroutine[None, None, Ending], reset: Ending, broken: Ending) -> Ending:
    """Return a pump's ending; failures of a peer or the disk are endings too. A reset is not an error."""
    try:
        return await pump
    except RecorderLostError:
        return endings.RECORDER_LOST
    except GuacProtocolError:
        return broken
    except OSError:
        return reset
