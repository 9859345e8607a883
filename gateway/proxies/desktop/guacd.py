"""Opening a connection at guacd: the handshake, by pyguacamole, then its socket for asyncio.

Blocks, because pyguacamole's client does. Source: Guacamole manual, "Handshake phase" and "Protocol version". guacd does not
authenticate callers, and its connection ids let anyone join: they stay in the gateway.
"""

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from guacamole.client import GuacamoleClient
from guacamole.exceptions import GuacamoleError, InvalidInstruction
from guacamole.instruction import GuacamoleInstruction

from gateway.core.desktop.guac.instruction import Instruction
from gateway.core.errors import UnavailableError
from gateway.guacd_address import Address, open_socket
from gateway.proxies.desktop import endings as desktop_endings
from gateway.sessions.endings import Ending

# Each step of the handshake may take this long; guacd answers within milliseconds unless its machine is in trouble.
_STEP_SECONDS: Final = 10.0
_IMAGES: Final = ("image/png", "image/jpeg", "image/webp")
# Versions of the protocol this side speaks, and what the two optional handshake instructions came with.
_NEWEST: Final = (1, 5, 0)
_TIMEZONE_SINCE: Final = (1, 1, 0)
_NAME_SINCE: Final = (1, 5, 0)
_VERSION_PREFIX: Final = "VERSION_"


class _SilentLogger:
    """Replace pyguacamole's logger, which would get all that is sent, secrets too."""

    def debug(self, *_said: object) -> None:
        """Log nothing, at any level."""

    info = warning = warn = error = debug


class GuacdError(UnavailableError):
    """guacd could not be reached or refused; `ending` is how the session ends."""

    def __init__(self, text: str, ending: Ending = desktop_endings.GUACD_LOST) -> None:
        super().__init__(text)
        self.ending = ending


@dataclass(frozen=True, slots=True)
class Screen:
    """The browser's screen: size in pixels, dots per inch, IANA time zone name ("" if unknown)."""

    width: int
    height: int
    dpi: int
    timezone: str


@dataclass(frozen=True, slots=True)
class Connection:
    """What to connect to. `parameters` are guacd's, secrets included."""

    protocol: str
    parameters: Mapping[str, str] = field(repr=False)
    operator_name: str
    screen: Screen


@dataclass(frozen=True, slots=True)
class GuacdLink:
    """A connection that is ready: a non-blocking socket, and what was already read from it.

    `connection_id` joins this connection: a secret.
    """

    socket: socket.socket
    over_read: bytes = field(repr=False)
    connection_id: str = field(repr=False)


def connect(address: Address, connection: Connection) -> GuacdLink:
    """Perform the handshake. Blocks. Raises GuacdError."""
    client = GuacamoleClient("guacd", 0, timeout=_STEP_SECONDS, logger=_SilentLogger())
    try:
        client._client = open_socket(address, _STEP_SECONDS)  # noqa: SLF001 - it would open TCP only
        return _shake_hands(client, connection)
    except GuacdError:
        _close(client)
        raise
    # AttributeError and IndexError: pyguacamole's decoder on a closed connection and on empty instructions.
    except (OSError, GuacamoleError, InvalidInstruction, ValueError, AttributeError, IndexError) as error:
        _close(client)
        raise GuacdError(f"guacd cannot be reached or does not answer ({type(error).__name__})") from error


def _shake_hands(client: GuacamoleClient, connection: Connection) -> GuacdLink:
    screen = connection.screen
    _send(client, "select", connection.protocol)
    version, *names = _expect(client, "args")
    spoken = min(_version(version), _NEWEST)
    _send(client, "size", screen.width, screen.height, screen.dpi)
    _send(client, "audio")
    _send(client, "video")
    _send(client, "image", *_IMAGES)
    if screen.timezone and spoken >= _TIMEZONE_SINCE:
        _send(client, "timezone", screen.timezone)
    if spoken >= _NAME_SINCE:
        _send(client, "name", connection.operator_name)
    _send(client, "connect", _version_name(spoken), *(connection.parameters.get(name, "") for name in names))
    connection_id = _expect(client, "ready")[0]
    return _take_over(client, connection_id)


def _version(text: str) -> tuple[int, ...]:
    """Parse `VERSION_1_3_0`. guacd before 1.1.0 sends its first parameter instead: not supported."""
    if not text.startswith(_VERSION_PREFIX):
        raise GuacdError("guacd is older than protocol version 1.1.0")
    return tuple(int(part) for part in text.removeprefix(_VERSION_PREFIX).split("_"))


def _version_name(version: tuple[int, ...]) -> str:
    return _VERSION_PREFIX + "_".join(map(str, version))


def _send(client: GuacamoleClient, opcode: str, *args: str | int) -> None:
    client.send_instruction(GuacamoleInstruction(opcode, *map(str, args)))


def _expect(client: GuacamoleClient, opcode: str) -> tuple[str, ...]:
    answer = client.read_instruction()
    if answer.opcode == "error":
        raise GuacdError(
            "guacd refused the connection", desktop_endings.from_error(Instruction("error", tuple(answer.args)))
        )
    if answer.opcode != opcode:
        raise GuacdError(f"guacd answered something else than {opcode}")
    return tuple(answer.args)


def _take_over(client: GuacamoleClient, connection_id: str) -> GuacdLink:
    """Take the socket out of the client. Input events are small and must not wait for one another (Nagle)."""
    link = client.client
    if link.family != socket.AF_UNIX:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    link.setblocking(False)
    return GuacdLink(link, bytes(client._buffer), connection_id)  # noqa: SLF001 - pyguacamole has no other way to its over-read bytes


def _close(client: GuacamoleClient) -> None:
    if client._client is not None:  # noqa: SLF001 - asking for `client.client` would connect anew
        with suppress(OSError):
            client.close()
