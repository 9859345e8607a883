"""The browser's end of the tunnel, on a WebSocket.

As guacamole-common-js's WebSocketTunnel expects it: text messages of whole instructions, the tunnel's uuid first, and at
the end the Guacamole status in the close reason.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from gateway.core.desktop.guac.status import GuacStatus
from gateway.proxies.desktop import endings as desktop_endings
from gateway.proxies.desktop.statuses import close_code
from gateway.sessions import endings
from gateway.sessions.endings import Ending

SUBPROTOCOL: Final = "guacamole"
# The server's own code when it is told to stop (RFC 6455, 7.4.1; registered as "Service Restart").
_SERVICE_RESTART: Final = 1012
# Connection lost; keep-alive not answered. The first cannot come from a browser at all, the second not from a page.
_ABNORMAL: Final = frozenset({1006, 1011})
# What the server closes with when the peer breaks RFC 6455 or its limits, and the peer when it finds that we did. A page
# cannot close with these.
_VIOLATIONS: Final = frozenset({1002, 1003, 1007, 1009})
_POLICY_VIOLATION: Final = 1008
# How long a browser may take to accept the closing frame.
_CLOSE_SECONDS: Final = 5.0


class SocketBrowser:
    """Implements `gateway.proxies.desktop.relay.Browser`."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._left: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    async def send(self, text: str) -> Ending | None:
        """Send one message; return the ending if the browser is gone, as `receive` has seen it (it knows why)."""
        try:
            await self._socket.send_text(text)
        except (WebSocketDisconnect, RuntimeError):  # RuntimeError: Starlette's, for a socket that is closed already
            return await asyncio.shield(self._left)
        return None

    async def receive(self) -> str | Ending:
        """Return the next message, or the ending if the browser is gone."""
        if self._left.done():
            return self._left.result()
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            self._left.set_result(_ending_of(message))
            return self._left.result()
        text: str | None = message.get("text")
        return desktop_endings.BAD_INPUT if text is None else text

    async def close(self, status: GuacStatus) -> None:
        """Close with a status; does nothing when the browser is gone."""
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._socket.close(close_code(status), str(int(status)))
        except (TimeoutError, WebSocketDisconnect, RuntimeError):
            return


def _ending_of(message: Mapping[str, Any]) -> Ending:
    """Return why a socket was closed.

    uvicorn passes on a browser's close frame with its reason, even an empty one. What the server noticed or did by itself
    (connection reset, keep-alive not answered, server stopped) comes without a reason, or with a code that says so.
    """
    code = message.get("code")
    if code in _VIOLATIONS:
        return desktop_endings.BAD_INPUT
    if code == _POLICY_VIOLATION:
        return desktop_endings.FLOODED  # by frames, before any of them was read (gateway.web_server)
    if "reason" in message and code not in _ABNORMAL:
        return endings.OPERATOR_LEFT
    return endings.GATEWAY_STOPPED if code == _SERVICE_RESTART else endings.PEER_LOST
