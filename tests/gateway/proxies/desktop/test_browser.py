"""What a closed socket says about how the session ended."""

import asyncio
from typing import Any

import pytest
from starlette.websockets import WebSocket

from gateway.proxies.desktop import endings as desktop_endings
from gateway.proxies.desktop.browser import SocketBrowser
from gateway.sessions import endings
from gateway.sessions.endings import Ending


@pytest.mark.parametrize(
    ("closed", "ending"),
    [
        ({"code": 1000, "reason": ""}, endings.OPERATOR_LEFT),
        ({"code": 1002, "reason": "invalid opcode"}, desktop_endings.BAD_INPUT),
        ({"code": 1007, "reason": "invalid UTF-8"}, desktop_endings.BAD_INPUT),
        ({"code": 1008, "reason": "too many frames"}, desktop_endings.FLOODED),
        ({"code": 1009, "reason": "too large"}, desktop_endings.BAD_INPUT),
        ({"code": 1005}, endings.PEER_LOST),
        ({"code": 1012}, endings.GATEWAY_STOPPED),
    ],
)
def test_the_close_code_decides(closed: dict[str, Any], ending: Ending) -> None:
    async def scene() -> str | Ending:
        async def receive() -> dict[str, Any]:
            return messages.pop(0)

        async def send(_message: Any) -> None: ...

        messages: list[dict[str, Any]] = [{"type": "websocket.connect"}, {"type": "websocket.disconnect", **closed}]
        socket = WebSocket({"type": "websocket"}, receive, send)
        await socket.accept()
        return await SocketBrowser(socket).receive()

    assert asyncio.run(scene()) == ending
