"""Tries what a decoder that was taken over would try; started by the tests as a confined process."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from gateway.sandbox import linux
from workers.confine.child import Progress, main

_PTRACE_SEIZE: Final = 0x4206
_CLONE_NEWUSER: Final = 0x10000000


def _signal_by_thread(pid: int) -> None:
    number = {"x86_64": 234, "aarch64": 131}[linux.MACHINE]
    linux.syscall(number, ctypes.c_int(pid), ctypes.c_int(pid), ctypes.c_int(0))


def _ptrace(pid: int) -> None:
    number = {"x86_64": 101, "aarch64": 117}[linux.MACHINE]
    linux.syscall(number, ctypes.c_long(_PTRACE_SEIZE), ctypes.c_long(pid), None, None)


def _unshare() -> None:
    number = {"x86_64": 272, "aarch64": 97}[linux.MACHINE]
    linux.syscall(number, ctypes.c_int(_CLONE_NEWUSER))


def _connect(port: int) -> None:
    socket.create_connection(("127.0.0.1", port), timeout=5).close()


def _by_a_program(path: str) -> None:
    subprocess.run(["cat", path], check=True, capture_output=True)


def _run_what_was_written() -> None:
    program = Path("program")
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    subprocess.run(["./program"], check=True)


ATTEMPTS: Final[dict[str, Callable[..., object]]] = {
    "read": lambda path: Path(path).read_bytes(),
    "read by a program": _by_a_program,
    "list": lambda path: list(Path(path).iterdir()),
    "write": lambda path: Path(path).write_bytes(b"x"),
    "remove": lambda path: Path(path).unlink(),
    "link": lambda path: os.link(path, "linked"),
    "symlink": lambda path: Path("symlink").symlink_to(path),
    "unix socket": lambda: socket.socket(socket.AF_UNIX),
    "netlink socket": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "connect": _connect,
    "kill": lambda pid: os.kill(pid, signal.SIGKILL),
    "signal": lambda pid: os.kill(pid, 0),
    "signal by thread": _signal_by_thread,
    "ptrace": _ptrace,
    "unshare": _unshare,
    "leave the group": os.setsid,
    "chroot": lambda: os.chroot("."),
    "become root": lambda: os.setuid(0 if os.geteuid() else 1),
    "run what was written": _run_what_was_written,
}


def _attempt(name: str, arguments: list[Any]) -> str:
    try:
        ATTEMPTS[name](*arguments)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"refused: {error}"
    return "done"


def _needed() -> list[str]:
    """What decoders do: read their input, write files and folders, rename, run programs, start threads."""
    Path("folder").mkdir()
    Path("folder/output").write_bytes(Path("input").read_bytes())
    Path("folder/output").rename("output")
    Path("input").unlink()
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x")
    thread = threading.Thread(target=lambda: Path("thread").touch())
    thread.start()
    thread.join()
    subprocess.run(["true"], check=True)
    return sorted(path.name for path in Path().iterdir())


def work(request: dict[str, Any], _progress: Progress) -> dict[str, Any]:
    identity = {"uid": os.geteuid(), "groups": os.getgroups(), "python": sys.executable}
    if "needed" in request:
        return {"left": _needed(), **identity}
    return {"outcome": _attempt(request["attempt"], request["arguments"]), **identity}


if __name__ == "__main__":
    main(work)
