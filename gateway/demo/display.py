"""One X display served over VNC by TigerVNC's Xvnc, with a window manager and a terminal on it.

Both demo desktops stand on one: the VNC desktop is it, the RDP desktop shows it through xrdp.
"""

import os
import random
import secrets
import shlex
import shutil
import socket
import struct
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from gateway.supervisor.child import Child
from gateway.supervisor.probes import free_port, listening

# RFC 6143 7.2.2 looks at eight characters of a VNC password, no more.
VNC_PASSWORD_LENGTH = 8
# TigerVNC stores a VNC password enciphered by this fixed key, public in its documentation's sense: it hides, no more.
_VNC_FILE_KEY = bytes.fromhex("e84ad660c4721ae0")
_NOBODY = "65534"
_PLACE = "place"
_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Look:
    """How a desktop is told from another: size in pixels, title of its terminal, a line of hint, root colour."""

    width: int
    height: int
    title: str
    hint: str
    background: str = "#16324a"


@dataclass(frozen=True, slots=True)
class Display:
    """A display's numbers and secrets, made by `prepare`; `children()` are the programs that make it real.

    `folder` belongs to the account they run as; `logs` does not: whoever starts them writes there, and must not be led
    elsewhere by a link that the demo's users can put.
    """

    name: str
    folder: Path
    logs: Path
    look: Look
    number: int
    port: int
    password: str = field(repr=False)

    def children(self) -> list[Child]:
        """The X server first; the session needs it."""
        return [self._server(), self._session()]

    @property
    def env(self) -> dict[str, str]:
        """What an X client needs to reach this display, and a home of its own."""
        return {
            "DISPLAY": f":{self.number}",
            "XAUTHORITY": str(self.folder / "xauthority"),
            "HOME": str(self.folder / "home"),
        }

    def _server(self) -> Child:
        command = (
            *unprivileged(),
            *("Xvnc", f":{self.number}", "-rfbport", str(self.port), "-localhost", "-nolisten", "tcp"),
            *("-geometry", f"{self.look.width}x{self.look.height}", "-depth", "24", "-desktop", self.look.title),
            *("-auth", str(self.folder / "xauthority")),
            *("-SecurityTypes", "VncAuth", "-PasswordFile", str(self.folder / "vnc-password")),
            # Observers and a second window must not push each other out, nor may wrong passwords lock loopback out.
            *("-AlwaysShared", "-BlacklistThreshold", "1000000"),
        )
        return Child(
            name=f"{self.name}-screen",
            command=command,
            env=self.env,
            cwd=self.folder,
            is_ready=listening(_HOST, self.port),
            log=self.logs / "screen.log",
        )

    def _session(self) -> Child:
        started = self.folder / "home" / ".started"
        return Child(
            name=f"{self.name}-session",
            # The window manager starts the terminal itself, once it can give it the keyboard.
            command=(
                *(*unprivileged(), "openbox", "--config-file", str(self.folder / "openbox.xml")),
                *("--startup", f"sh {self.folder / 'terminal.sh'}"),
            ),
            env=self.env,
            cwd=self.folder / "home",
            is_ready=started.exists,
            log=self.logs / "session.log",
        )


def prepare(name: str, folder: Path, look: Look) -> Display:
    """Writes what a display needs: secrets, scripts, an empty home; `hand_over` what it gives before its start.

    It lies in a folder of its own, to which `folder` holds a link besides the logs.
    """
    logs, folder = folder, _place(folder)
    (folder / "home").mkdir()
    display = Display(
        name=name,
        folder=folder,
        logs=logs,
        look=look,
        number=_free_display(),
        port=free_port(),
        password=secrets.token_hex(VNC_PASSWORD_LENGTH // 2),
    )
    write_private(folder / "vnc-password", _vnc_password_file(display.password))
    write_private(folder / "xauthority", _xauthority(secrets.token_bytes(16)))
    (folder / "home" / ".bashrc").write_text(_bashrc(look), encoding="utf-8")
    (folder / "terminal.sh").write_text(_terminal_script(look), encoding="utf-8")
    (folder / "openbox.xml").write_text(_OPENBOX, encoding="utf-8")
    return display


def remove(folder: Path) -> None:
    """Takes away what `prepare` has put into `folder`, also in an earlier run that was killed."""
    place = folder / _PLACE
    if place.is_symlink():
        shutil.rmtree(place.resolve(), ignore_errors=True)
        place.unlink()


def _place(folder: Path) -> Path:
    """An empty folder of mode 0700, found through a link in `folder`.

    A data folder is closed to the account the programs run as, often by a parent like /root; so it lies elsewhere.
    """
    folder.mkdir(parents=True, exist_ok=True)
    remove(folder)
    place = Path(tempfile.mkdtemp(prefix="reelgate-desktop-"))
    (folder / _PLACE).symlink_to(place)
    return place


def unprivileged() -> tuple[str, ...]:
    """What to put before a command so that it does not run as root: whoever opens the demo gets a shell."""
    if os.geteuid() != 0:
        return ()
    return ("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", "--no-new-privs")


def hand_over(folder: Path) -> None:
    """Gives a folder and all in it to the account the demo's programs run as."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.lchown(path, int(_NOBODY), int(_NOBODY))


def write_private(path: Path, content: bytes) -> None:
    """Writes a file that nobody else may read, from its first byte on."""
    path.touch(mode=0o600)
    path.write_bytes(content)


def _free_display() -> int:
    """A display number nobody uses. Random, so that two that look at the same moment seldom choose the same."""
    while True:
        number = random.randrange(100, 10_000)  # noqa: S311 - a choice, not a secret
        if not Path(f"/tmp/.X{number}-lock").exists() and not Path(f"/tmp/.X11-unix/X{number}").exists():  # noqa: S108 - where X servers say so
            return number


def _vnc_password_file(password: str) -> bytes:
    cipher = Cipher(TripleDES(_VNC_FILE_KEY * 3), modes.ECB())  # noqa: S305 - the file's format; single DES is 3DES with one key
    encryptor = cipher.encryptor()
    return encryptor.update(password.encode().ljust(VNC_PASSWORD_LENGTH, b"\0")) + encryptor.finalize()


def _xauthority(cookie: bytes) -> bytes:
    """One entry that fits every display (Xauth(7): family, then counted address, number, name, data)."""
    any_family = 0xFFFF
    counted = [socket.gethostname().encode(), b"", b"MIT-MAGIC-COOKIE-1", cookie]
    return struct.pack(">H", any_family) + b"".join(struct.pack(">H", len(item)) + item for item in counted)


def _bashrc(look: Look) -> str:
    return f"""PS1='\\[\\e[1;36m\\]demo\\[\\e[0m\\]$ '
HISTFILE=
: > ~/.started
printf '%s\\n\\n' {shlex.quote(look.hint)}
"""


def _terminal_script(look: Look) -> str:
    """A terminal that comes back when it is closed, as long as the window manager that started it lives."""
    terminal = shlex.join(
        [
            *("xterm", "-title", look.title, "-fa", "DejaVu Sans Mono", "-fs", "14", "-geometry", "84x26+40+40"),
            *("-bg", "#1d2433", "-fg", "#e6edf3", "-cr", "#7ee0ff", "-b", "12", "+sb", "-e", "bash"),
        ]
    )
    return f"""xsetroot -solid {shlex.quote(look.background)}
while kill -0 "$PPID" 2>/dev/null; do {terminal} || sleep 1; done
"""


_OPENBOX = """<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <theme><name>Clearlooks</name></theme>
  <desktops><number>1</number></desktops>
</openbox_config>
"""
