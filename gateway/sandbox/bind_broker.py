"""Run a program that can only listen on TCP, and make it listen on a unix socket instead.

guacd has no authentication, and every account of a machine can connect to its loopback ports. So its starter intercepts
bind(2) and substitutes a unix socket (seccomp user notification, seccomp_unotify(2)), whose file mode decides who can
connect. The program notices nothing, and no network privileges are needed.
"""

import fcntl
import os
import select
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from gateway.sandbox import seccomp

# sizeof(struct sockaddr_in), sockaddr_in6; a resolver's netlink address has another size.
_INTERNET_ADDRESSES: Final = (16, 28)
# Backlog for sessions opened at the same moment.
_BACKLOG: Final = 128
# linux/seccomp.h
_NOTIFICATION: Final = struct.Struct("=QIIiIQ6Q")
_RESPONSE: Final = struct.Struct("=QqiI")
_ADD_DESCRIPTOR: Final = struct.Struct("=QIIII")
_RECEIVE, _SEND, _ADD = 0xC0502100, 0xC0182101, 0x40182103
_REPLACE_DESCRIPTOR: Final = 1
_CONTINUE: Final = 1


class _Call(NamedTuple):
    id: int
    number: int
    descriptor: int


def listening_socket(path: Path) -> socket.socket:
    """Return a unix socket that only this account can connect to; replaces one left by an earlier run."""
    path.unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        server.bind(str(path))
    finally:
        os.umask(before)
    return server


class BindBroker:
    """Answers the first bind and listen of a program with `server`; later calls go to the kernel."""

    def __init__(self, notifications: int, server: socket.socket) -> None:
        self._notifications = notifications
        self._server = server
        self._is_bound = self._is_listening = False

    def serve(self, program: int) -> int:
        """Answer until the program (a child of this process) has ended; return its wait status."""
        ended = os.pidfd_open(program)
        try:
            while True:
                ready, _, _ = select.select([self._notifications, ended], [], [])
                if ended in ready:
                    return os.waitpid(program, 0)[1]
                self._answer()
        finally:
            os.close(ended)

    def _answer(self) -> None:
        try:
            call = self._receive()
            if call.number == seccomp.LISTEN:
                self._listen(call)
            elif self._is_bound:
                self._respond(call, flags=_CONTINUE)
            else:
                self._bind(call)
        except FileNotFoundError:  # ENOENT: the calling process is gone
            return

    def _receive(self) -> _Call:
        buffer = bytearray(_NOTIFICATION.size)
        fcntl.ioctl(self._notifications, _RECEIVE, buffer)
        number, _pid, _flags, call, _arch, _pointer, descriptor, *_ = _NOTIFICATION.unpack(buffer)
        return _Call(number, call, descriptor & 0xFFFFFFFF)

    def _bind(self, call: _Call) -> None:
        replaced = _ADD_DESCRIPTOR.pack(
            call.id, _REPLACE_DESCRIPTOR, self._server.fileno(), call.descriptor, os.O_CLOEXEC
        )
        fcntl.ioctl(self._notifications, _ADD, bytearray(replaced))
        self._is_bound = True
        self._respond(call)

    def _listen(self, call: _Call) -> None:
        """Listen with a longer backlog: guacd's 5 is too short for a unix socket, which refuses connections beyond it."""
        if self._is_listening or not self._is_bound:
            self._respond(call, flags=_CONTINUE)
            return
        self._server.listen(_BACKLOG)
        self._is_listening = True
        self._respond(call)

    def _respond(self, call: _Call, flags: int = 0) -> None:
        fcntl.ioctl(self._notifications, _SEND, bytearray(_RESPONSE.pack(call.id, 0, 0, flags)))


def start(command: list[str], prepare: Callable[[], None]) -> tuple[int, int]:
    """Start the program with its binds intercepted; return its process id and the notification descriptor.

    `prepare` is called in the child before the program.
    """
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        try:
            prepare()
            notifications = seccomp.notify_of_listening(_INTERNET_ADDRESSES)
            socket.send_fds(theirs, [b"x"], [notifications])
            os.close(notifications)
            os.execvp(command[0], command)  # noqa: S606 - no shell is wanted
        except BaseException as error:  # noqa: BLE001 - nothing of the parent's may run in the child
            os.write(2, f"cannot start {command[0]}: {error}\n".encode())
            os._exit(126)
    theirs.close()
    with ours:
        _, descriptors, _, _ = socket.recv_fds(ours, 1, 1)
    if not descriptors:
        _, status = os.waitpid(child, 0)
        raise OSError(f"{command[0]} ended before it started, with status {os.waitstatus_to_exitcode(status)}")
    return child, descriptors[0]
