"""The socket of the live path: `/api/tunnel`.

Deny by default: the origin must be this site, the sign-in cookie valid, the role one that may open targets, and the ticket
unused, unexpired, and of this user and address. The ticket is in the URL because a browser can put it nowhere else when it
opens a WebSocket. It is worthless without its user's cookie and after its first use, and it is never logged.
"""

import re
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Self

from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket

from gateway.core.policy.access import Action, allows
from gateway.core.recording.kinds import DESKTOP
from gateway.db.models import User
from gateway.identity.sign_in import actor_of
from gateway.proxies.desktop.browser import SUBPROTOCOL, SocketBrowser
from gateway.proxies.desktop.clock import GuacdClock
from gateway.proxies.desktop.guacd import Screen
from gateway.proxies.desktop.parameters import guacd_parameters
from gateway.proxies.desktop.session import RunningSession
from gateway.proxies.desktop.statuses import BY_CAUSE
from gateway.requester import client_address, sign_in_of
from gateway.security import same_origin
from gateway.sessions.live_state import LiveState
from gateway.sessions.opening import ProxySide, Refusal, RefusalCause, open_session, refuse
from gateway.telemetry import get_logger

# The largest screens sold are 8K (7680 x 4320); guacd itself takes up to 8192.
_MAX_PIXELS: Final = 8192
_MAX_DPI: Final = 960
# IANA zone names: letters, digits, and a few marks.
_TIMEZONE: Final = re.compile(r"[A-Za-z0-9_+/-]{1,64}\Z")

_log = get_logger()
router = APIRouter(tags=["tunnel"])


@router.websocket("/tunnel")
async def tunnel(websocket: WebSocket) -> None:
    """Serve one session, from the first check to its closed recording."""
    asked = TunnelRequest.of(websocket)
    state: LiveState = websocket.app.state.gateway
    known = await run_in_threadpool(sign_in_of, websocket)
    if known is None:
        await websocket.close()  # before it is accepted: the upgrade is answered with 403
        return
    user = known.user
    address = client_address(websocket)
    refusal = _refusal(websocket, state, user)
    if refusal is not None:
        await run_in_threadpool(refuse, state, actor_of(user, address), refusal)
        await websocket.close()
        return
    await websocket.accept(SUBPROTOCOL)
    browser, clock = SocketBrowser(websocket), GuacdClock()
    parameters = partial(guacd_parameters, state.settings, keyboard=asked.keyboard)
    side = ProxySide(DESKTOP.name, clock, parameters)
    try:
        opened = await run_in_threadpool(open_session, state, known, asked.ticket, address, side)
    except SQLAlchemyError as error:
        _log.error("session.not_opened", error=type(error).__name__, user_id=user.id)
        opened = Refusal(RefusalCause.DATABASE, "the database cannot be used at the moment: try again")
    if isinstance(opened, Refusal):
        await browser.close(BY_CAUSE[opened.cause])
        return
    await RunningSession(state, user, browser, opened, clock, asked.screen).run()


@dataclass(frozen=True, slots=True)
class TunnelRequest:
    """What the browser asked for in the query: `ticket`, `width`, `height`, `dpi`, `timezone`, `layout`."""

    ticket: str = field(repr=False)
    keyboard: str
    screen: Screen

    @classmethod
    def of(cls, websocket: WebSocket) -> Self:
        """Read the query and wipe it, so that no log line of the server can hold the ticket."""
        query = websocket.query_params
        # INVARIANT: the ticket is never logged; uvicorn logs a socket's path with its query when it is accepted.
        websocket.scope["query_string"] = b""
        timezone = query.get("timezone", "")
        screen = Screen(
            width=_number(query.get("width"), 1024, _MAX_PIXELS),
            height=_number(query.get("height"), 768, _MAX_PIXELS),
            dpi=_number(query.get("dpi"), 96, _MAX_DPI),
            timezone=timezone if _TIMEZONE.match(timezone) else "",
        )
        return cls(query.get("ticket", ""), query.get("layout", ""), screen)


def _number(text: str | None, default: int, most: int) -> int:
    """Return a number of at least 1 and at most `most`; the default if the text is not a number."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > len(str(most)):
        return default
    return max(1, min(int(text), most))


def _refusal(websocket: WebSocket, state: LiveState, user: User) -> Refusal | None:
    if not same_origin(websocket.scope, state.settings):
        return Refusal(RefusalCause.ORIGIN, "sockets from another site are not allowed")
    if SUBPROTOCOL not in websocket.scope["subprotocols"]:
        return Refusal(RefusalCause.SUBPROTOCOL, f"the subprotocol is {SUBPROTOCOL}")
    if not allows(user.role, Action.TARGET_OPEN):
        return Refusal(RefusalCause.ROLE, f"your role ({user.role}) does not allow this")
    return None
