"""A trial of a target for an administrator: its name, its port, and what guacd makes of the sign-in.

It is not a session: nobody sees a picture or acts, so there is nothing to record, and what the target draws is dropped. The
caller audits it. Blocks for `_SECONDS` plus the limits of `probe` and of the handshake at most.
"""

import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.core.desktop.guac import encode
from gateway.core.desktop.guac.errors import GuacProtocolError
from gateway.core.desktop.guac.instruction import Instruction
from gateway.core.desktop.guac.opcodes import Opcode
from gateway.core.desktop.guac.parser import WholeInstructions
from gateway.core.session import CloseReason
from gateway.guacd_address import Address
from gateway.proxies.desktop import endings as desktop_endings
from gateway.proxies.desktop.guacd import Connection, GuacdError, GuacdLink, connect
from gateway.sessions.endings import Ending
from gateway.targets.reach import Reach, probe

# A sign-in at a busy target takes some seconds.
_SECONDS: Final = 12.0
# guacd's terminals draw before they sign in, so that an error may follow the first frame.
_SETTLED_SECONDS: Final = 1.5
_READ_BYTES: Final = 256 * 1024
# Each trial holds a thread of the pool and a process of guacd.
_FREE: Final = threading.BoundedSemaphore(2)


class SignIn(StrEnum):
    """The outcome of the sign-in."""

    SHOWN = "shown"  # the target drew something
    REFUSED = "refused"
    CREDENTIAL_MISSING = "credential_missing"
    FAILED = "failed"
    NO_ANSWER = "no_answer"
    GATEWAY_FAULT = "gateway_fault"  # guacd is gone
    NOT_TRIED = "not_tried"


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found. `duration_ms` is how long it took."""

    reach: Reach
    sign_in: SignIn
    duration_ms: int


class TooManyTrialsError(Exception):
    """Too many trials are running at once."""


def try_target(guacd: Address, connection: Connection, *, with_sign_in: bool) -> Trial:
    """Try a target. Raises TooManyTrialsError."""
    if not _FREE.acquire(blocking=False):
        raise TooManyTrialsError
    began_at = time.monotonic()
    try:
        reach = probe(connection.parameters["hostname"], int(connection.parameters["port"]))
        attempts = with_sign_in and reach is Reach.ANSWERS
        sign_in = _sign_in(guacd, connection) if attempts else SignIn.NOT_TRIED
    finally:
        _FREE.release()
    return Trial(reach, sign_in, round((time.monotonic() - began_at) * 1000))


def _sign_in(guacd: Address, connection: Connection) -> SignIn:
    try:
        link = connect(guacd, connection)
    except GuacdError as error:
        return _meaning(error.ending, connection.protocol)
    with closing(link.socket):
        try:
            return _follow(link, connection.protocol)
        except (OSError, GuacProtocolError):
            return SignIn.FAILED


def _follow(link: GuacdLink, protocol: str) -> SignIn:
    """Read what the target draws, and drop it, until the outcome is clear."""
    whole = WholeInstructions(watched=(Opcode.SYNC, Opcode.ERROR, Opcode.REQUIRED, Opcode.DISCONNECT))
    ends_at, is_shown, data = time.monotonic() + _SECONDS, False, link.over_read
    while True:
        whole.feed(data)
        for instruction in whole.seen:
            if instruction.opcode != Opcode.SYNC:
                return _meaning(_ending_of(instruction), protocol)
            if not is_shown:
                is_shown, ends_at = True, time.monotonic() + _SETTLED_SECONDS
        left = ends_at - time.monotonic()
        if left <= 0:
            break
        link.socket.settimeout(left)
        try:
            data = link.socket.recv(_READ_BYTES)
        except TimeoutError:
            break
        if not data:
            return SignIn.GATEWAY_FAULT
    with suppress(OSError):
        link.socket.sendall(encode(Opcode.DISCONNECT))
    return SignIn.SHOWN if is_shown else SignIn.NO_ANSWER


def _ending_of(instruction: Instruction) -> Ending:
    match instruction.opcode:
        case Opcode.ERROR:
            return desktop_endings.from_error(instruction)
        case Opcode.REQUIRED:
            return desktop_endings.from_required(instruction)
    return desktop_endings.NOT_OPENED


def _meaning(ending: Ending, protocol: str) -> SignIn:
    if desktop_endings.is_failure_to_open(ending):
        ending = desktop_endings.explained(ending, Reach.ANSWERS, protocol)
    known = {
        CloseReason.TARGET_SIGN_IN_FAILED: SignIn.REFUSED,
        CloseReason.CREDENTIAL_MISSING: SignIn.CREDENTIAL_MISSING,
        CloseReason.GUACD_LOST: SignIn.GATEWAY_FAULT,
    }
    return known.get(ending.reason, SignIn.FAILED)
