"""The protocols a target may have and the parameters an administrator may set for them.

Checked when a target is saved, and again by `gateway.sessions.opening` when a session begins. Only parameters listed here
reach guacd. Left out on purpose: everything that lets guacd read or write files on its own machine (`recording-*`,
`typescript-*`, `drive-*`, `printer-*`, `sftp-*`), secrets (they are credentials), and what the gateway itself decides
(host, port, size, time zone). Source: Guacamole manual, "Configuring connections".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.core.errors import InvalidInputError

_MAX_LENGTH: Final = 1024
_MAX_NUMBER: Final = 1_000_000


class ParameterKind(StrEnum):
    """How a parameter is entered. A boolean is "true" or "false"; a number is decimal."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One field of a form. `default` is guacd's own."""

    name: str
    title: str
    kind: ParameterKind = ParameterKind.TEXT
    choices: tuple[str, ...] = ()
    default: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class ProtocolForm:
    """A protocol and its parameters."""

    name: str
    title: str
    default_port: int
    parameters: tuple[Parameter, ...]


def _flag(name: str, title: str, text: str = "", default: str = "false") -> Parameter:
    return Parameter(name, title, ParameterKind.BOOLEAN, default=default, help=text)


def _choice(name: str, title: str, choices: str, default: str, text: str = "") -> Parameter:
    return Parameter(name, title, ParameterKind.CHOICE, tuple(choices.split()), default, text)


def _number(name: str, title: str, default: str = "", text: str = "") -> Parameter:
    return Parameter(name, title, ParameterKind.NUMBER, default=default, help=text)


# Layouts that guacd's RDP client supports, by guacd's names.
SERVER_LAYOUTS: Final = (
    "cs-cz-qwertz da-dk-qwerty de-ch-qwertz de-de-qwertz en-gb-qwerty en-us-qwerty es-es-qwerty es-latam-qwerty failsafe "
    "fr-be-azerty fr-ca-qwerty fr-ch-qwertz fr-fr-azerty hu-hu-qwertz it-it-qwerty ja-jp-qwerty no-no-qwerty pl-pl-qwerty "
    "pt-br-qwerty pt-pt-qwerty ro-ro-qwerty sv-se-qwerty tr-tr-qwerty"
)

_CLIPBOARD: Final = (
    _flag("disable-copy", "No copying from the target"),
    _flag("disable-paste", "No pasting into the target"),
    _choice("normalize-clipboard", "Line ends of clipboard text", "preserve unix windows", "preserve"),
)
_READ_ONLY: Final = _flag("read-only", "View only", "The operator sees the target and cannot act on it.")
_TERMINAL: Final = (
    Parameter("font-name", "Font"),
    _number("font-size", "Font size", "12"),
    _choice("color-scheme", "Colours", "black-white gray-black green-black white-black", "gray-black"),
    _number("scrollback", "Lines kept for scrolling back", "1000"),
    _choice("backspace", "Code sent for backspace", "8 127", "127"),
    Parameter("terminal-type", "Terminal type", default="linux"),
)

_RDP: Final = ProtocolForm(
    "rdp",
    "RDP",
    3389,
    (
        _choice("security", "Security", "any nla nla-ext tls rdp vmconnect", "any"),
        _flag("ignore-cert", "Accept any certificate", "The target's identity is then not checked."),
        _flag("disable-auth", "No authentication by the client"),
        Parameter("domain", "Domain"),
        _choice(
            "server-layout",
            "Keyboard layout of the target",
            SERVER_LAYOUTS,
            "",
            "Empty: follows the operator's keyboard.",
        ),
        _choice("resize-method", "When the window changes size", "display-update reconnect", ""),
        _choice("color-depth", "Colour depth", "8 16 24 32", ""),
        _flag("force-lossless", "No lossy images"),
        Parameter("client-name", "Name shown to the target", default="Reelgate"),
        Parameter("initial-program", "Program to start"),
        Parameter("remote-app", "RemoteApp program"),
        Parameter("remote-app-dir", "RemoteApp working folder"),
        Parameter("remote-app-args", "RemoteApp arguments"),
        Parameter("load-balance-info", "Load balancing information"),
        _number("preconnection-id", "Preconnection id"),
        Parameter("preconnection-blob", "Preconnection text"),
        _flag("console", "Connect to the console session"),
        _flag("enable-wallpaper", "Wallpaper"),
        _flag("enable-theming", "Themes"),
        _flag("enable-font-smoothing", "Smooth fonts"),
        _flag("enable-full-window-drag", "Window contents while dragging"),
        _flag("enable-desktop-composition", "Desktop composition"),
        _flag("enable-menu-animations", "Menu animations"),
        _flag("enable-touch", "Touch"),
        _flag("disable-bitmap-caching", "No bitmap cache"),
        _flag("disable-offscreen-caching", "No off-screen cache"),
        _flag("disable-glyph-caching", "No glyph cache"),
        _READ_ONLY,
        *_CLIPBOARD,
    ),
)
_VNC: Final = ProtocolForm(
    "vnc",
    "VNC",
    5900,
    (
        _choice("color-depth", "Colour depth", "8 16 24 32", ""),
        _choice("cursor", "Who draws the pointer", "local remote", "local"),
        _flag("swap-red-blue", "Swap red and blue"),
        _flag("force-lossless", "No lossy images"),
        Parameter("encodings", "Encodings", help="Separated by blanks, best first."),
        _choice("clipboard-encoding", "Clipboard encoding", "ISO8859-1 UTF-8 UTF-16 CP1252", "ISO8859-1"),
        _number("autoretry", "Attempts to connect"),
        _READ_ONLY,
        _flag("disable-copy", "No copying from the target"),
        _flag("disable-paste", "No pasting into the target"),
    ),
)
_SSH: Final = ProtocolForm(
    "ssh",
    "SSH",
    22,
    (
        Parameter("host-key", "Host key", help="The target's public key, as in known_hosts; empty: any is accepted."),
        Parameter("command", "Command", help="Run instead of a shell."),
        Parameter("locale", "Locale", help="Sent as LANG, for example en_US.UTF-8."),
        _number("server-alive-interval", "Seconds between keep-alives", "0"),
        *_TERMINAL,
        _READ_ONLY,
        _flag("disable-copy", "No copying from the target"),
        _flag("disable-paste", "No pasting into the target"),
    ),
)
_TELNET: Final = ProtocolForm(
    "telnet",
    "Telnet",
    23,
    (
        Parameter("username-regex", "Pattern of the user name prompt"),
        Parameter("password-regex", "Pattern of the password prompt"),
        Parameter("login-success-regex", "Pattern that shows the login succeeded"),
        Parameter("login-failure-regex", "Pattern that shows the login failed"),
        *_TERMINAL,
        _READ_ONLY,
        _flag("disable-copy", "No copying from the target"),
        _flag("disable-paste", "No pasting into the target"),
    ),
)

PROTOCOLS: Final[Mapping[str, ProtocolForm]] = {form.name: form for form in (_RDP, _VNC, _SSH, _TELNET)}


def checked_parameters(protocol: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters that are set (not empty), each checked against the form.

    Raises InvalidInputError, naming the parameter.
    """
    form = PROTOCOLS.get(protocol)
    if form is None:
        raise InvalidInputError(f"unknown protocol {protocol!r}; use one of {', '.join(PROTOCOLS)}")
    known = {parameter.name: parameter for parameter in form.parameters}
    for name, value in parameters.items():
        if name not in known:
            raise InvalidInputError(f"parameter {name!r} cannot be set for {form.title}", f"parameters.{name}")
        if value:
            _check(known[name], value)
    return {name: value for name, value in parameters.items() if value}


def may_paste(parameters: Mapping[str, str]) -> bool:
    """Whether the operator's clipboard may reach the target; guacd applies the same parameters."""
    return "true" not in (parameters.get("disable-paste"), parameters.get("read-only"))


@dataclass(frozen=True, slots=True)
class ClipboardRules:
    """What may pass between the clipboards. Characters that the target's `encoding` lacks arrive as question marks."""

    may_copy: bool
    may_paste: bool
    encoding: str


def clipboard_rules(protocol: str, parameters: Mapping[str, str]) -> ClipboardRules:
    """Return the clipboard rules of a target with these parameters."""
    encoding = parameters.get("clipboard-encoding", "ISO8859-1") if protocol == "vnc" else "UTF-8"
    return ClipboardRules(parameters.get("disable-copy") != "true", may_paste(parameters), encoding)


def _check(parameter: Parameter, value: str) -> None:
    allowed = _allowed(parameter, value)
    if allowed is not None:
        raise InvalidInputError(f"parameter {parameter.name!r} {allowed}", f"parameters.{parameter.name}")


def _allowed(parameter: Parameter, value: str) -> str | None:
    """What is allowed, where the value is not."""
    match parameter.kind:
        case ParameterKind.BOOLEAN if value not in {"true", "false"}:
            return "must be true or false"
        case ParameterKind.CHOICE if value not in parameter.choices:
            return f"must be one of {', '.join(parameter.choices)}"
        case ParameterKind.NUMBER if not _is_number(value):
            return f"must be a number from 0 to {_MAX_NUMBER}"
    if len(value) > _MAX_LENGTH:
        return f"has {len(value)} characters; at most {_MAX_LENGTH} are allowed"
    return None if value.isprintable() else "has unprintable characters"


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= len(str(_MAX_NUMBER)) and int(value) <= _MAX_NUMBER


# For RDP guacd turns keysyms into scan codes, so it must know the layout the target expects. By language tag (RFC 5646), the
# whole tag first, then the language alone.
_LAYOUT_OF_LANGUAGE: Final = {
    "cs": "cs-cz-qwertz",
    "da": "da-dk-qwerty",
    "de": "de-de-qwertz",
    "de-ch": "de-ch-qwertz",
    "en": "en-us-qwerty",
    "en-au": "en-us-qwerty",
    "en-gb": "en-gb-qwerty",
    "en-ie": "en-gb-qwerty",
    "es": "es-es-qwerty",
    "es-419": "es-latam-qwerty",
    "es-ar": "es-latam-qwerty",
    "es-mx": "es-latam-qwerty",
    "fr": "fr-fr-azerty",
    "fr-be": "fr-be-azerty",
    "fr-ca": "fr-ca-qwerty",
    "fr-ch": "fr-ch-qwertz",
    "hu": "hu-hu-qwertz",
    "it": "it-it-qwerty",
    "ja": "ja-jp-qwerty",
    "nb": "no-no-qwerty",
    "nn": "no-no-qwerty",
    "no": "no-no-qwerty",
    "pl": "pl-pl-qwerty",
    "pt": "pt-pt-qwerty",
    "pt-br": "pt-br-qwerty",
    "ro": "ro-ro-qwerty",
    "sv": "sv-se-qwerty",
    "tr": "tr-tr-qwerty",
}


def server_layout(keyboard: str) -> str:
    """Return guacd's name for a layout given by its name or a language tag; empty if unknown."""
    wanted = keyboard.lower()
    if wanted in SERVER_LAYOUTS.split():
        return wanted
    return _LAYOUT_OF_LANGUAGE.get(wanted) or _LAYOUT_OF_LANGUAGE.get(wanted.partition("-")[0], "")
