"""seccomp: system calls denied to this process and its children (seccomp(2)).

A deny list rather than an allow list: libraries for images, video and OCR change the calls they make, and a decoder that
breaks on a new kernel is worse than one with a few harmless calls. It covers the network, other processes, namespaces and
mounts, and the kernel subsystems with the most vulnerabilities.
"""

import ctypes
import os
import struct
from typing import Final, NamedTuple

from gateway.sandbox.linux import MACHINE, forbid_new_privileges, syscall

# Numbers on x86_64 and on aarch64 (asm/unistd.h of each).
_CALLS: Final[dict[str, tuple[int, int]]] = {
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "kill": (62, 129),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    # leaving the process group, by which its starter ends it
    "setsid": (112, 157),
    "setpgid": (109, 154),
    # the network
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    # io_uring bypasses the filter
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    # namespaces, mounts, other roots
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # keys, and kernel subsystems that no decoder needs
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "fanotify_init": (300, 262),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "quotactl": (179, 60),
    "acct": (163, 89),
}


class _Machine(NamedTuple):
    audit_arch: int
    column: int
    seccomp: int
    clone: int
    tgkill: int
    bind: int


_MACHINES: Final = {
    "x86_64": _Machine(0xC000003E, 0, 317, 56, 234, 49),
    "aarch64": _Machine(0xC00000B7, 1, 277, 220, 131, 200),
}
LISTEN: Final = _CALLS["listen"][_MACHINES[MACHINE].column] if MACHINE in _MACHINES else -1
_CLONE3: Final = 435
# The x32 ABI's numbers start here; they would bypass the list.
_X32: Final = 0x40000000
# CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
_NAMESPACES: Final = 0x7E020000

_SET_MODE_FILTER, _GET_ACTION_AVAILABLE = 1, 2
_FLAG_TSYNC: Final = 1
_FLAG_NEW_LISTENER: Final = 1 << 3
_ALLOW, _KILL, _NOTIFY = 0x7FFF0000, 0x80000000, 0x7FC00000
_EPERM, _ENOSYS = 0x00050001, 0x00050026
# Classic BPF: load a word of struct seccomp_data, jump on it, return (linux/filter.h).
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NR_AT, _ARCH_AT, _ARG0_AT, _ARG2_AT = 0, 4, 16, 32

_Step = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def is_supported() -> bool:
    """Whether the kernel supports filters and this module knows the machine's system call numbers."""
    machine = _MACHINES.get(MACHINE)
    return machine is not None and _has_action(machine, _KILL)


def can_notify() -> bool:
    """Whether a filter can delegate calls to another process that passes back file descriptors (Linux 5.9)."""
    machine = _MACHINES.get(MACHINE)
    release = tuple(int(part) for part in os.uname().release.split("-")[0].split(".")[:2])
    return machine is not None and _has_action(machine, _NOTIFY) and release >= (5, 9)


def forbid_all_but_decoding() -> None:
    """Deny, with EPERM, every call in the list above, in all threads. Raises OSError if the kernel refuses."""
    machine = _MACHINES[MACHINE]
    steps = _prologue(machine)
    # A library's abort() signals its own process; any other process id is denied.
    steps += _when(
        machine.tgkill, [(_LOAD, 0, 0, _ARG0_AT), (_EQUAL, 0, 1, os.getpid()), _returns(_ALLOW), _returns(_EPERM)]
    )
    # A filter cannot read clone3's flags, which are in memory; C libraries fall back to clone.
    steps += _when(_CLONE3, [_returns(_ENOSYS)])
    steps += _when(
        machine.clone, [(_LOAD, 0, 0, _ARG0_AT), (_ANY_BIT, 0, 1, _NAMESPACES), _returns(_EPERM), _returns(_ALLOW)]
    )
    for numbers in _CALLS.values():
        steps += _when(numbers[machine.column], [_returns(_EPERM)])
    _install(machine, [*steps, _returns(_ALLOW)], _FLAG_TSYNC)


def notify_of_listening(address_bytes: tuple[int, ...]) -> int:
    """Delegate listen(2), and bind(2) with an address of these sizes, to the holder of the returned descriptor."""
    machine = _MACHINES[MACHINE]
    sizes = [step for size in address_bytes for step in ((_EQUAL, 0, 1, size), _returns(_NOTIFY))]
    steps = [*_prologue(machine), *_when(machine.bind, [(_LOAD, 0, 0, _ARG2_AT), *sizes, _returns(_ALLOW)])]
    steps += _when(LISTEN, [_returns(_NOTIFY)])
    return _install(machine, [*steps, _returns(_ALLOW)], _FLAG_NEW_LISTENER)


def _prologue(machine: _Machine) -> list[_Step]:
    steps = [(_LOAD, 0, 0, _ARCH_AT), (_EQUAL, 1, 0, machine.audit_arch), _returns(_KILL), (_LOAD, 0, 0, _NR_AT)]
    if MACHINE == "x86_64":
        steps += [(_AT_LEAST, 0, 1, _X32), _returns(_ENOSYS)]
    return steps


def _when(number: int, steps: list[_Step]) -> list[_Step]:
    """Run these steps, which end in a return, for the system call of that number."""
    return [(_EQUAL, 0, len(steps), number), *steps]


def _returns(action: int) -> _Step:
    return _RETURN, 0, 0, action


def _install(machine: _Machine, steps: list[_Step], flags: int) -> int:
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    forbid_new_privileges()
    program = _Program(len(steps), code)
    return syscall(machine.seccomp, ctypes.c_uint(_SET_MODE_FILTER), ctypes.c_uint(flags), ctypes.byref(program))


def _has_action(machine: _Machine, action: int) -> bool:
    try:
        syscall(
            machine.seccomp,
            ctypes.c_uint(_GET_ACTION_AVAILABLE),
            ctypes.c_uint(0),
            ctypes.byref(ctypes.c_uint32(action)),
        )
    except OSError:
        return False
    return True
