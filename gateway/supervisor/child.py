"""The description of a program that the supervisor runs.

The supervisor's own parts are described in `parts`, the demo's desktops in `gateway.demo`; tests run the same
descriptions through `tests.parts`, so that what is tested is what is started.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Long enough for a loaded two-core machine to import the worker's libraries (measured: 5 s alone).
READY_SECONDS = 60.0
_HARMLESS = frozenset({"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TERM", "TMPDIR"})


@dataclass(frozen=True, slots=True)
class Child:
    """One program: `command` in the foreground, ready to be used once `is_ready()` is true.

    `is_ready` answers within two seconds and never raises. Output goes to `log` (appended), or to the starter's own when
    that is None. On TERM the program gets `stop_seconds` to end. `env` is put over what it gets of the starter's
    environment: with `own` (Reelgate's own programs) all of it, else what any program needs and no setting or secret.
    """

    name: str
    command: tuple[str, ...]
    is_ready: Callable[[], bool]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    own: bool = False
    log: Path | None = None
    stop_seconds: float = 5.0
    ready_seconds: float = READY_SECONDS

    def environment(self) -> dict[str, str]:
        """The environment the program is started with."""
        inherited = {name: value for name, value in os.environ.items() if self.own or name in _HARMLESS}
        return {**inherited, **self.env}
