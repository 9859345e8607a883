"""One thing that health looks at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """What was found. `vital`: without it no session can be opened."""

    name: str
    ok: bool
    detail: str
    vital: bool
