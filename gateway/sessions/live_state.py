"""The state of a process that serves live sessions."""

from dataclasses import dataclass

from gateway.context import GatewayState
from gateway.sessions.registry import LiveSessions


@dataclass(frozen=True)
class LiveState(GatewayState):
    """The state of the process that runs sessions: `registry` has those that are live."""

    registry: LiveSessions
