"""How a desktop's session obeys: input locked and unlocked in its relay, messages shown on the operator's screen."""

from collections.abc import Callable

from gateway.core.desktop.notices import Notice, NoticeKind
from gateway.core.desktop.operator_streams import quoted
from gateway.db.models import SessionCommand
from gateway.proxies.desktop.clock import GuacdClock
from gateway.proxies.desktop.relay import Relay


class DesktopControls:
    """Implements `gateway.sessions.registry.Controls`. `acknowledge` is told of a message that was shown and confirmed."""

    def __init__(self, relay: Relay, clock: GuacdClock, acknowledge: Callable[[str], None]) -> None:
        self._relay = relay
        self._clock = clock
        self._acknowledge = acknowledge
        self._unacknowledged: set[str] = set()
        relay.on_acknowledged = self._acknowledged

    async def lock(self, command: SessionCommand) -> None:
        """Take no input from now on; release what is held down."""
        await self._relay.lock(self._notice(NoticeKind.LOCK, command))

    async def unlock(self, command: SessionCommand) -> None:
        """Take input again."""
        await self._relay.unlock(self._notice(NoticeKind.UNLOCK, command))

    async def message(self, command: SessionCommand) -> None:
        """Show a message."""
        self._unacknowledged.add(command.id)
        await self._relay.tell(self._notice(NoticeKind.MESSAGE, command))

    def _acknowledged(self, notice_id: str) -> None:
        """Believe a browser only about a message that it has been shown, and once."""
        if notice_id in self._unacknowledged:
            self._unacknowledged.remove(notice_id)
            self._acknowledge(notice_id)

    def _notice(self, kind: NoticeKind, command: SessionCommand) -> bytes:
        now_ms = self._clock.now_ms() or 0
        return Notice(kind, command.id, quoted(command.author_name), quoted(command.text), now_ms).encode()
