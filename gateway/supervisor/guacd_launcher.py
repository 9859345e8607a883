"""Start guacd with no more rights than it needs: `python -m gateway.supervisor.guacd_launcher ROOT FOLDER SOCKET COMMAND...`.

guacd parses what targets send, which may be hostile, and obeys whoever reaches it. It can therefore read its own code
and the machine's settings but not the data folder (Landlock, even if it runs as the starter's account), and is reached
through SOCKET, which only that account can open.

ROOT is "/" or the private root, FOLDER the one that holds guacd. With "-" for SOCKET it listens where COMMAND says.
"""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from gateway.sandbox import bind_broker, landlock

# An unprivileged uid that no account uses; not the demo terminals' either, so that these cannot reach into guacd.
ACCOUNT: Final = 65533
_MACHINE: Final = Path("/")
_Rule = tuple[Path, int]
_SYSTEM: Final = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/opt")
_FACTS: Final = (
    *("/etc", "/run/systemd/resolve", "/run/resolvconf", "/sys/devices/system/cpu", "/proc/cpuinfo", "/proc/meminfo"),
    *("/dev/urandom", "/dev/random", "/dev/zero"),
)


def main() -> int:
    """Run the launcher; return the program's exit status."""
    root, folder, path, command = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4:]
    if root != _MACHINE:
        return _run(command, path, [(root, landlock.READ_AND_RUN), (root / "tmp", landlock.WRITE)])
    home = _new_home()
    try:
        return _run(command, path, [(folder, landlock.READ_AND_RUN), (home, landlock.WRITE)])
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(command: list[str], path: str, own_rules: Iterable[_Rule]) -> int:
    def restrict() -> None:
        if landlock.abi():
            landlock.restrict((*_machine_rules(), *own_rules), network=True)

    if path == "-":
        restrict()
        os.execvp(command[0], command)  # noqa: S606 - no shell is wanted
    with bind_broker.listening_socket(Path(path)) as server:
        child, notifications = bind_broker.start(command, restrict)
        signal.signal(signal.SIGTERM, lambda number, _frame: os.kill(child, number))
        code = os.waitstatus_to_exitcode(bind_broker.BindBroker(notifications, server).serve(child))
    return code if code >= 0 else 128 - code


def _new_home() -> Path:
    """An empty folder of guacd's own: FreeRDP keeps certificates it has seen there."""
    home = Path(tempfile.mkdtemp(prefix="reelgate-guacd-"))
    if os.geteuid() == 0:
        os.chown(home, ACCOUNT, ACCOUNT)
    os.environ["HOME"] = str(home)
    return home


def _machine_rules() -> Iterator[_Rule]:
    for name in _SYSTEM:
        yield Path(name), landlock.READ_AND_RUN
    for name in _FACTS:
        yield Path(name), landlock.READ
    yield Path("/dev/null"), landlock.WRITE
    yield Path("/proc/self"), landlock.WRITE  # unshare(1) says there who root is in its namespace


if __name__ == "__main__":
    sys.exit(main())
