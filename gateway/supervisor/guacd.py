"""Finds the guacd that `guacd/install` provided and describes how to run it.

A guacd on PATH runs as it is. One in the private root runs under chroot, as an account of its own where the starter is root, and in
a user namespace where it is not: FreeRDP's plug-in folder is compiled in, so it cannot simply run from another place.
"""

import os
import shutil
from pathlib import Path

from gateway.core.errors import UnavailableError
from gateway.supervisor.child import Child
from gateway.supervisor.probes import listening

# Nobody's neighbour: no account, and not the one that runs the demo's terminals, so that these cannot reach into guacd.
_ACCOUNT = "65533:65533"
# What a program needs of the machine to turn target names into addresses.
_RESOLVER_FILES = ("hosts", "resolv.conf", "nsswitch.conf")


def private_root() -> Path:
    """Where `guacd/install` unpacks; the two must agree."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("REELGATE_GUACD_ROOT") or cache / "reelgate" / "guacd")


def guacd(port: int, *, host: str = "127.0.0.1", log: Path | None = None) -> Child:
    """The child that listens for the gateway at `host`:`port`.

    Raises UnavailableError when no guacd is installed.
    """
    return Child(
        name="guacd",
        command=(*_program(), "-f", "-b", host, "-l", str(port)),
        # HOME: FreeRDP keeps certificates it has seen there. LC_ALL: guacd warns without UTF-8.
        env={"HOME": "/tmp", "LC_ALL": "C.UTF-8"},  # noqa: S108 - inside the private root
        is_ready=listening(host, port),
        log=log,
    )


def _program() -> tuple[str, ...]:
    on_path = shutil.which("guacd", path=os.environ.get("PATH", os.defpath) + ":/usr/sbin")
    if on_path:
        return (on_path,)
    root = private_root()
    if not (root / "usr/sbin/guacd").exists():
        raise UnavailableError(
            "no guacd on this machine: run `make setup`, or set REELGATE_GUACD=host:port to use one elsewhere"
        )
    _refresh_resolver(root)
    return (*_chroot(root), "/usr/sbin/guacd")


def _chroot(root: Path) -> tuple[str, ...]:
    if os.geteuid() == 0:
        return ("chroot", f"--userspec={_ACCOUNT}", str(root))
    return ("unshare", "--user", "--map-root-user", "chroot", str(root))


def _refresh_resolver(root: Path) -> None:
    """Copies the machine's resolver files in, as they are now; a chroot cannot see them otherwise."""
    for name in _RESOLVER_FILES:
        source = Path("/etc") / name
        if source.exists() and os.access(root / "etc", os.W_OK):
            shutil.copyfile(source, root / "etc" / name)
