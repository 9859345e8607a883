"""Find the guacd that `guacd/install` provided, and describe how to run it.

It never runs as root: started by root it runs as an account of its own. One in the private root runs under chroot, and in
a user namespace where the starter is not root, because FreeRDP's plug-in folder is compiled in.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from gateway.core.errors import UnavailableError
from gateway.guacd_address import Address
from gateway.supervisor.child import Child
from gateway.supervisor.guacd_launcher import ACCOUNT
from gateway.supervisor.probes import accepting

# Files of the machine that resolving target names needs.
_RESOLVER_FILES = ("hosts", "resolv.conf", "nsswitch.conf")


class _Program(NamedTuple):
    root: Path
    path: Path
    command: tuple[str, ...]


def private_root() -> Path:
    """Return the folder into which `guacd/install` unpacks; both must agree."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("REELGATE_GUACD_ROOT") or cache / "reelgate" / "guacd")


def guacd(address: Address, *, log: Path | None = None) -> Child:
    """The child that listens for the gateway at `address`; a path is that of a unix socket.

    Raises UnavailableError when no guacd is installed.
    """
    program = _program()
    socket, (host, port) = ("-", address) if isinstance(address, tuple) else (str(address), ("127.0.0.1", 4822))
    places = (str(program.root), str(program.path.parent), socket)
    return Child(
        name="guacd",
        command=(
            *(sys.executable, "-m", "gateway.supervisor.guacd_launcher", *places),
            *(*program.command, "-f", "-b", host, "-l", str(port)),
        ),
        # HOME: FreeRDP keeps certificates it has seen there. LC_ALL: guacd warns without UTF-8.
        env={"HOME": "/tmp", "LC_ALL": "C.UTF-8"},  # noqa: S108 - in the private root; else the launcher makes one
        is_ready=accepting(address),
        log=log,
    )


def _program() -> _Program:
    on_path = shutil.which("guacd", path=os.environ.get("PATH", os.defpath) + ":/usr/sbin")
    if on_path:
        root = Path("/")
        return _Program(root, Path(on_path).resolve(), (*_as_own_account(root), on_path))
    root = private_root()
    if not (root / "usr/sbin/guacd").exists():
        raise UnavailableError(
            "no guacd on this machine: run `make setup`, or set REELGATE_GUACD=host:port to use one elsewhere"
        )
    _refresh_resolver(root)
    return _Program(root, root / "usr/sbin/guacd", (*_as_own_account(root), "/usr/sbin/guacd"))


def _as_own_account(root: Path) -> tuple[str, ...]:
    if os.geteuid() == 0:
        return ("chroot", f"--userspec={ACCOUNT}:{ACCOUNT}", "--groups=", str(root))
    if root == Path("/"):
        return ()
    return ("unshare", "--user", "--map-root-user", "chroot", str(root))


def _refresh_resolver(root: Path) -> None:
    """Copy the machine's current resolver files into the chroot, which cannot see them otherwise."""
    for name in _RESOLVER_FILES:
        source = Path("/etc") / name
        if source.exists() and os.access(root / "etc", os.W_OK):
            shutil.copyfile(source, root / "etc" / name)
