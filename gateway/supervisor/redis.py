"""Describe the private redis-server: the broker between gateway and workers on one machine.

It listens on a unix socket in a private folder and on no port. Its data may be lost: jobs are sent again from the
database's stage rows. Its snapshot only speeds up a restart.
"""

import tempfile
from pathlib import Path

from gateway.supervisor.child import Child
from gateway.supervisor.probes import answers_ping

# A unix socket's path has at most 107 characters (unix(7)), some of which are left for what libraries append.
_LONGEST_SOCKET_PATH = 100


def socket_folder(run_dir: Path) -> Path:
    """Return `run_dir`, or a new temporary folder if the path of a socket would be too long."""
    if len(str(run_dir.absolute() / "redis.sock")) <= _LONGEST_SOCKET_PATH:
        return run_dir.absolute()
    return Path(tempfile.mkdtemp(prefix="reelgate-"))


def redis_url(socket: Path) -> str:
    """Return the address as a URL of redis-py, as in the setting `redis_url`."""
    return f"unix://{socket}"


def redis_server(socket: Path, folder: Path, *, log: Path | None = None) -> Child:
    """The child that listens at `socket` and keeps its snapshot in `folder`; both folders exist, mode 0700."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "daemonize": "no",
        "appendonly": "no",
        "save": "60 1",
        # The recorder reports a full disk; the broker continues in memory.
        "stop-writes-on-bgsave-error": "no",
        # Jobs are a name and ids, some hundred bytes: this is room for hundreds of thousands. None is ever dropped.
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    return Child(
        name="redis",
        command=("redis-server", *arguments),
        is_ready=lambda: answers_ping(socket),
        log=log,
    )
