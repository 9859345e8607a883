"""System calls behind Landlock and seccomp that Python's library lacks."""

import ctypes
import os
from typing import Any, Final

PR_SET_PDEATHSIG: Final = 1
PR_CAPBSET_DROP: Final = 24
PR_SET_NO_NEW_PRIVS: Final = 38
_LAST_CAPABILITY: Final = 63
_CAPABILITY_VERSION_3: Final = 0x20080522
_NR_CAPSET: Final = {"x86_64": 126, "aarch64": 91}

_libc: Final = ctypes.CDLL(None, use_errno=True)
MACHINE: Final = os.uname().machine


def syscall(number: int, *arguments: Any) -> int:
    """Make a system call and return its result. Raises OSError."""
    result = _libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return int(result)


def set_process_attribute(option: int, argument: int) -> None:
    """Set a prctl(2) attribute of this process. Raises OSError."""
    zero = ctypes.c_ulong(0)
    if _libc.prctl(ctypes.c_int(option), ctypes.c_ulong(argument), zero, zero, zero) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def forbid_new_privileges() -> None:
    """From now on, no program gains privileges when executed (setuid, file capabilities)."""
    set_process_attribute(PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Drop all capabilities, so that uid 0 is an ordinary account."""
    for number in range(_LAST_CAPABILITY + 1):
        try:
            set_process_attribute(PR_CAPBSET_DROP, number)
        except OSError:  # EINVAL: unknown to this kernel
            break
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    syscall(_NR_CAPSET[MACHINE], ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))
