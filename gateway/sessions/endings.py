"""How a session can end: an expected outcome is a value. How a client is told is for the proxy of its kind."""

from dataclasses import dataclass
from typing import Final

from gateway.core.session import CloseReason


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a session ended. `text` is for a person and contains no secret.

    `is_shown`: the operator has been told, or need not be.
    """

    reason: CloseReason
    text: str
    is_shown: bool = False


OPERATOR_LEFT: Final = Ending(CloseReason.OPERATOR_LEFT, "the operator left", is_shown=True)
TARGET_LEFT: Final = Ending(CloseReason.TARGET_LEFT, "the target ended the session", is_shown=True)
IDLE_LIMIT: Final = Ending(CloseReason.IDLE_LIMIT, "closed for lack of input")
PEER_LOST: Final = Ending(CloseReason.PEER_LOST, "the browser does not answer")
RECORDER_LOST: Final = Ending(CloseReason.RECORDER_LOST, "the session cannot be recorded")
GATEWAY_STOPPED: Final = Ending(CloseReason.GATEWAY_STOPPED, "the gateway is stopping")
GATEWAY_LOST: Final = Ending(CloseReason.GATEWAY_LOST, "the gateway failed")
