"""Describes the private redis-server: the broker between gateway and workers on one machine.

It listens on a unix socket in a folder of the starter's own and on no port. What it holds can be lost: jobs are sent
again from the database's stage rows; its snapshot only makes a restart quicker.
"""

import tempfile
from pathlib import Path

from gateway.supervisor.child import Child
from gateway.supervisor.probes import answers_ping

# A unix socket's path has room for 107 characters (unix(7)); some are left for what libraries append.
_LONGEST_SOCKET_PATH = 100


def socket_folder(run_dir: Path) -> Path:
    """`run_dir`, or a new short folder below the temporary one where a socket's path would be too long."""
    if len(str(run_dir.absolute() / "redis.sock")) <= _LONGEST_SOCKET_PATH:
        return run_dir.absolute()
    return Path(tempfile.mkdtemp(prefix="reelgate-"))


def redis_url(socket: Path) -> str:
    """The address in redis-py's words, as the setting `redis_url` has it."""
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
        # A full disk is the recorder's alarm to raise; the broker goes on from memory.
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
