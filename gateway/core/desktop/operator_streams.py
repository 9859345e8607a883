"""How streams the operator opened stand in a recording: what was pasted, and facts about files that were uploaded.

Callers: `gateway.proxies.desktop.operator_streams` writes them, `workers.desktop.text` reads them. The form, with S = FIRST_STREAM + the
browser's number and the time on guacd's clock in ms:

    clipboard,S,MIMETYPE,TIME          file,S,MIMETYPE,NAME,TIME          put,OBJECT,S,MIMETYPE,NAME,TIME
    blob,S,BASE64                      (of clipboards only)
    end,S,TIME,BYTES                   end,S,TIME,BYTES,SHA256            (of all that was sent)

They are the protocol's own instructions with arguments added behind, as guacd does for `mouse` and `key`, under numbers
guacd never gives: its own end at 1023 (GUAC_CLIENT_MAX_STREAMS and GUAC_USER_MAX_STREAMS, 512 each). Players look only at
numbers they know images by, and pass over the rest.
"""

import re
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from gateway.core.desktop.guac.instruction import encode
from gateway.core.desktop.guac.opcodes import Opcode

FIRST_STREAM: Final = 1_000_000
# guacd refuses a user's stream of this number or above (GUAC_USER_MAX_STREAMS since 1.5; 64 before).
MAX_STREAMS: Final = 512
# A parser of libguac, guacenc's too, gives up at an element longer than this (GUAC_INSTRUCTION_MAX_LENGTH).
MAX_BYTES: Final = 8192

# guacamole-common-js before 1.6 counts UTF-16 units where the protocol counts characters, and would stop reading at a
# character that is two of them: those are written as percent-encoded UTF-8 (RFC 3986), and so is the percent sign.
_QUOTED: Final = re.compile("[%\U00010000-\U0010ffff]")
_NUMBER: Final = re.compile(r"[0-9]{1,15}\Z", re.ASCII)
_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)
# Where the time stands among the arguments of what opens and ends a stream.
_TIME_ARGUMENT: Final[dict[str, int]] = {Opcode.CLIPBOARD: 2, Opcode.FILE: 3, Opcode.PUT: 4, Opcode.END: 1}


class SentFacts(NamedTuple):
    """What an `end` says of its stream; None where it says nothing that can be understood."""

    size_bytes: int | None = None
    sha256: str | None = None


def clipboard(stream: int, mimetype: str, at_ms: int) -> bytes:
    """The operator's clipboard begins."""
    return encode(Opcode.CLIPBOARD, FIRST_STREAM + stream, quoted(mimetype), at_ms)


def file(stream: int, mimetype: str, name: str, at_ms: int) -> bytes:
    """The operator uploads a file."""
    return encode(Opcode.FILE, FIRST_STREAM + stream, quoted(mimetype), quoted(name), at_ms)


def put(object_number: str, stream: int, mimetype: str, name: str, at_ms: int) -> bytes:
    """The operator uploads a file into one of guacd's file systems (manual, "put")."""
    return encode(Opcode.PUT, object_number, FIRST_STREAM + stream, quoted(mimetype), quoted(name), at_ms)


def blob(stream: int, base64_text: str) -> bytes:
    """A part of the clipboard."""
    return encode(Opcode.BLOB, FIRST_STREAM + stream, base64_text)


def end(stream: int, at_ms: int, size_bytes: int, sha256: str = "") -> bytes:
    """The stream is over: how many bytes were sent, and of a file their digest."""
    return encode(Opcode.END, FIRST_STREAM + stream, at_ms, size_bytes, *([sha256] if sha256 else []))


def is_operators(stream: str) -> bool:
    """Whether this number in a recording is that of a stream the operator opened."""
    return _NUMBER.match(stream) is not None and FIRST_STREAM <= int(stream) < FIRST_STREAM + MAX_STREAMS


def as_recorded(stream: str) -> str:
    """The number in a recording of a stream as the browser and guacd call it (in an `ack`); "" for what is none."""
    return str(FIRST_STREAM + int(stream)) if _NUMBER.match(stream) else ""


def time_of(opcode: str, args: tuple[str, ...]) -> str:
    """The time that was written with what opens or ends an operator's stream; "" where there is none."""
    at = _TIME_ARGUMENT.get(opcode)
    return args[at] if at is not None and at < len(args) else ""


def facts_of(args: tuple[str, ...]) -> SentFacts:
    """What an `end` of an operator's stream says."""
    size, digest = (*args[2:4], "", "")[:2]
    return SentFacts(int(size) if _NUMBER.match(size) else None, digest if _SHA256.match(digest) else None)


def quoted(text: str) -> str:
    """Text that every player can count."""
    return _QUOTED.sub(lambda found: quote(found[0], safe=""), text)


def unquoted(text: str) -> str:
    """What `quoted` was given."""
    return unquote(text, errors="replace")
