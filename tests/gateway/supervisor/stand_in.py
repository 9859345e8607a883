"""Runs a supervisor over stand-in children, as a process that tests can signal: `python -m ... FOLDER NAME=SCRIPT...`.

Each child is `sh -c SCRIPT` in FOLDER and is ready once the file `NAME.ready` is there.
"""

import asyncio
import sys
from pathlib import Path

from gateway.core.errors import ReelgateError
from gateway.supervisor.child import Child
from gateway.supervisor.lock import exclusive
from gateway.supervisor.supervisor import Supervisor
from gateway.supervisor.watched import BackOff
from gateway.telemetry import configure_logging


def child(folder: Path, name: str, script: str) -> Child:
    return Child(
        name=name,
        command=("sh", "-c", script),
        cwd=folder,
        log=folder / f"{name}.log",
        is_ready=(folder / f"{name}.ready").exists,
        stop_seconds=1.0,
        ready_seconds=2.0,
    )


def main() -> None:
    configure_logging()
    folder = Path(sys.argv[1])
    children = [child(folder, *argument.split("=", 1)) for argument in sys.argv[2:]]
    try:
        with exclusive(folder) as lock:
            supervisor = Supervisor(children, folder, lock, (folder / "all.ready").touch, BackOff(0.05, 0.2, 60.0))
            asyncio.run(supervisor.run())
    except ReelgateError as error:
        sys.exit(f"refused: {error}")


if __name__ == "__main__":
    main()
