"""What the browser asks for in the query, and what becomes of it."""

from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.types import Message
from starlette.websockets import WebSocket

from gateway.proxies.desktop.endpoint import TunnelRequest
from gateway.proxies.desktop.guacd import Screen


async def _nothing() -> Message:
    raise AssertionError("nothing is read from the socket")


async def _no_answer(_message: Message) -> None:
    raise AssertionError("nothing is sent to the socket")


def asked(**query: str) -> tuple[TunnelRequest, dict[str, Any]]:
    scope = {"type": "websocket", "query_string": urlencode(query).encode(), "headers": []}
    return TunnelRequest.of(WebSocket(scope, _nothing, _no_answer)), scope


def test_a_browser_says_what_it_shows_on() -> None:
    found, _ = asked(ticket="t", width="1920", height="1080", dpi="120", timezone="Europe/Berlin", layout="de")
    assert (found.ticket, found.keyboard, found.screen) == ("t", "de", Screen(1920, 1080, 120, "Europe/Berlin"))


@pytest.mark.parametrize("odd", ["", "-1", "1e3", "99999", "٣", "1" * 400])
def test_what_makes_no_sense_is_replaced(odd: str) -> None:
    found, _ = asked(width=odd, height=odd, dpi=odd, timezone="../../etc/passwd\n")
    assert found.screen == Screen(1024, 768, 96, "")


def test_sizes_are_cut_to_what_is_sensible() -> None:
    found, _ = asked(width="0", height="9999", dpi="999")
    assert found.screen == Screen(1, 8192, 960, "")


def test_the_query_is_wiped_and_the_ticket_in_no_representation() -> None:
    found, scope = asked(ticket="very-secret")
    assert scope["query_string"] == b""
    assert "very-secret" not in repr(found)
