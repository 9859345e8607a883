"""One opened session: connected, relayed, closed.

Whatever happens in between, an opened session ends with its recording closed, its rows closed and its browser told.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final, ParamSpec

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from gateway import guacd_address
from gateway.core.desktop.guac import encode
from gateway.core.desktop.guac.opcodes import Opcode
from gateway.core.recording.entries import GapNoted
from gateway.db.models import User
from gateway.identity.sign_in import actor_of
from gateway.proxies.desktop import endings as desktop_endings
from gateway.proxies.desktop.browser import SocketBrowser
from gateway.proxies.desktop.clock import GuacdClock
from gateway.proxies.desktop.controls import DesktopControls
from gateway.proxies.desktop.guacd import Connection, GuacdError, GuacdLink, Screen, connect
from gateway.proxies.desktop.operator_input import OperatorInput
from gateway.proxies.desktop.relay import Relay, RelayLimits
from gateway.proxies.desktop.statuses import error_instruction, status_of
from gateway.sessions import endings
from gateway.sessions.closing import close_session, note_gap
from gateway.sessions.control import note_acknowledgement
from gateway.sessions.endings import Ending
from gateway.sessions.live_state import LiveState
from gateway.sessions.opening import Opened
from gateway.sessions.recorder import RecorderLostError
from gateway.sessions.registry import LiveSession
from gateway.targets.protocols import may_paste
from gateway.targets.reach import probe
from gateway.telemetry import get_logger

# How long guacd or a browser may take to accept the last instruction.
_FAREWELL_SECONDS: Final = 1.0
# Between attempts to close a session's rows while the database is unavailable.
_RETRY_SECONDS: Final = 2.0

P = ParamSpec("P")
_log = get_logger()


class RunningSession:
    """Call `run`; nothing else is public."""

    def __init__(
        self,
        state: LiveState,
        user: User,
        browser: SocketBrowser,
        opened: Opened[dict[str, str]],
        clock: GuacdClock,
        screen: Screen,
    ) -> None:
        self._state = state
        self._browser = browser
        self._opened = opened
        self._connection = Connection(opened.protocol, opened.parameters, user.username, screen)
        self._clock = clock
        self._actor = actor_of(user, opened.client_address)
        self._notes: set[asyncio.Task[None]] = set()
        opened.recorder.on_gap = self._note_gap
        self._live = LiveSession(
            opened.session_id, opened.target_id, user.id, asyncio.get_running_loop().create_future()
        )

    async def run(self) -> None:
        """Run the session; returns when its recording and rows are closed and the browser has been told."""
        self._state.registry.add(self._live)
        ending = endings.GATEWAY_LOST  # if something unforeseen raises
        try:
            ending = await self._connect_and_relay()
            ending = await self._explain(ending)
        finally:
            # INVARIANT: a session that was opened is closed, even when this task is cancelled.
            await asyncio.shield(asyncio.create_task(self._close(ending)))

    async def _connect_and_relay(self) -> Ending:
        try:
            link = await asyncio.to_thread(connect, guacd_address.parse(self._state.settings.guacd), self._connection)
        except GuacdError as error:
            _log.warning("guacd.refused", session_id=self._opened.session_id, reason=str(error))
            return error.ending
        return await self._relay(link)

    async def _explain(self, ending: Ending) -> Ending:
        """Look at the target's port if guacd does not say why nothing was opened. Takes some seconds at most."""
        if self._clock.first_ms is not None or not desktop_endings.is_failure_to_open(ending):
            return ending
        parameters = self._opened.parameters
        reach = await asyncio.to_thread(probe, parameters["hostname"], int(parameters["port"]))
        _log.info("target.probed", session_id=self._opened.session_id, reach=reach)
        return desktop_endings.explained(ending, reach, self._opened.protocol)

    async def _relay(self, link: GuacdLink) -> Ending:
        reader, writer = await asyncio.open_connection(sock=link.socket)
        relay = Relay(
            self._opened.session_id,
            self._browser,
            (reader, writer),
            self._opened.recorder,
            self._clock,
            OperatorInput(
                self._clock, record_keys=self._opened.record_keys, may_paste=may_paste(self._opened.parameters)
            ),
            RelayLimits(idle_seconds=self._state.settings.idle_limit_minutes * 60),
            self._first_size() + link.over_read,
        )
        self._live.controls = DesktopControls(relay, self._clock, self._note_acknowledgement)
        try:
            return await relay.run(self._live.ended)
        finally:
            self._live.controls = None
            await _hang_up(writer)

    def _first_size(self) -> bytes:
        """Return the `size` that guacd begins with; nothing for VNC, where the size is the target's own.

        guacd broadcasts it before its first user is on the list, so that sometimes nobody gets it (seen with guacd 1.3.0 and
        RDP on a busy machine): browser and recording would then draw on a display without a size.
        """
        if self._opened.protocol == "vnc":
            return b""
        screen = self._connection.screen
        return encode(Opcode.SIZE, 0, screen.width, screen.height)

    async def _close(self, ending: Ending) -> None:
        ending = await self._show(ending)
        try:
            ending, _ = await asyncio.gather(self._close_recording(ending), self._browser.close(status_of(ending)))
        finally:
            self._state.registry.remove(self._live)

    async def _show(self, ending: Ending) -> Ending:
        """Show the reason in the browser, unless guacd has done so or nothing may be shown any more."""
        if not ending.is_shown and ending is not endings.RECORDER_LOST and ending is not endings.PEER_LOST:
            instruction = error_instruction(ending)
            try:
                await self._opened.recorder.write(instruction)
            except RecorderLostError:
                return endings.RECORDER_LOST
            with suppress(TimeoutError):
                async with asyncio.timeout(_FAREWELL_SECONDS):
                    await self._browser.send(instruction.decode())
        return ending

    async def _close_recording(self, ending: Ending) -> Ending:
        try:
            await self._opened.recorder.close(ending.reason)
        except RecorderLostError:
            ending = endings.RECORDER_LOST
        # The seal stage looks for gaps in the trail: they are audited before the rows let it begin.
        await asyncio.gather(*self._notes)
        await self._insist(
            close_session,
            self._state.database,
            self._state.send_job,
            self._opened.session_id,
            ending,
            closing=self._opened.recorder.closing,
        )
        return ending

    def _note_gap(self, gap: GapNoted) -> None:
        """Audit a gap that opened or closed, while the session goes on or ends."""
        write = self._insist(
            note_gap, self._state.database, self._opened.recording_id, self._opened.recorder.policy, gap
        )
        self._notes.add(asyncio.create_task(write))

    def _note_acknowledgement(self, command_id: str) -> None:
        """Audit that the operator has confirmed a message."""
        write = self._insist(note_acknowledgement, self._state.database, self._actor, command_id)
        self._notes.add(asyncio.create_task(write))

    async def _insist(self, work: Callable[P, object], *args: P.args, **named: P.kwargs) -> None:
        """Retry while the database is unavailable. If the gateway ends before, recovery does it at the next start."""
        while True:
            try:
                await run_in_threadpool(work, *args, **named)
            except SQLAlchemyError as error:
                _log.error("session.write_failed", session_id=self._opened.session_id, error=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                return


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    """Close guacd's socket after the last bytes are sent, or abort it if guacd does not take them."""
    writer.close()
    try:
        async with asyncio.timeout(_FAREWELL_SECONDS):
            await writer.wait_closed()
    except TimeoutError:
        writer.transport.abort()
    except OSError:
        return
