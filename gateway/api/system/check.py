"""A single health check."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """The result of a check. `vital`: no session can be opened unless it passes."""

    name: str
    ok: bool
    detail: str
    vital: bool
