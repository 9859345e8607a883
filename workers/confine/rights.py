"""The privileges a confined process drops, and the few it keeps. docs/security.md has them as a table."""

import os
import resource
import signal
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.sandbox import landlock, linux, seccomp

# Live sessions on the same machine come first.
_NICENESS: Final = 10
# What every program needs from the system: libraries, their configuration, the number of processors.
_SYSTEM: Final = ("/usr", "/lib", "/lib64", "/bin", "/sbin")
_FACTS: Final = (
    *("/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/etc/ssl/openssl.cnf", "/dev/urandom", "/dev/zero"),
    *("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu"),
)


@dataclass(frozen=True, slots=True)
class Confinement:
    """`uid`: the account to become, None to stay; `memory_bytes` bounds private memory (RLIMIT_DATA)."""

    uid: int | None
    memory_bytes: int


def confine(confinement: Confinement, code: Iterable[Path]) -> None:
    """Drop everything except reading the folders `code` and the system's, and writing below the working folder.

    Enforces what the kernel supports; raises OSError if it supports a feature but refuses it.
    """
    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_DATA, (confinement.memory_bytes, confinement.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _give_up_account(confinement.uid)
    _end_with_parent()
    linux.forbid_new_privileges()
    if landlock.abi():
        landlock.restrict(_rules(code))
    if seccomp.is_supported():
        seccomp.forbid_all_but_decoding()


def _give_up_account(uid: int | None) -> None:
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)  # takes the capabilities with it
    elif os.geteuid() == 0:
        linux.drop_capabilities()


def _end_with_parent() -> None:
    """End with the parent, so that a killed worker leaves no writer behind.

    After the change of account, which resets this.
    """
    parent = os.getppid()
    linux.set_process_attribute(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent == 1 or os.getppid() != parent:  # the parent died before prctl took effect
        sys.exit(1)


def _rules(code: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    yield Path(), landlock.WRITE  # by this path, because the folders above are closed to the other account
    yield Path("/dev/null"), landlock.WRITE
    for name in _FACTS:
        yield Path(name), landlock.READ
    for name in {*_SYSTEM, sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}:
        yield Path(name), landlock.READ_AND_RUN
    if "TESSDATA_PREFIX" in os.environ:
        yield Path(os.environ["TESSDATA_PREFIX"]), landlock.READ
    for place in code:
        yield place, landlock.READ
