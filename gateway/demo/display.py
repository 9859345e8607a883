"""One X display served over VNC by TigerVNC's Xvnc, with a window manager and a terminal on it.

Both demo desktops use one: the VNC desktop directly, the RDP desktop through xrdp.
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

# VNC uses only eight characters of a password (RFC 6143, 7.2.2).
VNC_PASSWORD_LENGTH = 8
# TigerVNC obfuscates stored VNC passwords with this fixed, public key.
_VNC_FILE_KEY = bytes.fromhex("e84ad660c4721ae0")
_NOBODY = "65534"
_PLACE = "place"
_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Look:
    """Appearance of a desktop: size in pixels, title of its terminal, a hint, background colour."""

    width: int
    height: int
    title: str
    hint: str
    background: str = "#16324a"


@dataclass(frozen=True, slots=True)
class Display:
    """Numbers and secrets of a display, made by `prepare`; `children()` are its programs.

    `folder` belongs to the account they run as. `logs` does not: the starter writes there and must not follow links
    that the demo's users could create.
    """

    name: str
    folder: Path
    logs: Path
    look: Look
    number: int
    port: int
    password: str = field(repr=False)

    def children(self) -> list[Child]:
        """Return the programs, the X server first because the session needs it."""
        return [self._server(), self._session()]

    @property
    def env(self) -> dict[str, str]:
        """Return the environment of an X client on this display, with its own home."""
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
            # Observers and a second window must not disconnect each other, and wrong passwords must not block loopback.
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
            # The window manager starts the terminal once it can give it the keyboard focus.
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
    """Write the files of a display: secrets, scripts, an empty home. Call `hand_over` on its folder before starting it.

    The files are in a separate folder; `folder` contains a link to it and the logs.
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
    """Remove what `prepare` created in `folder`, also in an earlier run that was killed."""
    place = folder / _PLACE
    if place.is_symlink():
        shutil.rmtree(place.resolve(), ignore_errors=True)
        place.unlink()


def _place(folder: Path) -> Path:
    """Create an empty folder of mode 0700 with a link to it in `folder`.

    It is elsewhere because the programs' account cannot enter a data folder, often below a parent like /root.
    """
    folder.mkdir(parents=True, exist_ok=True)
    remove(folder)
    place = Path(tempfile.mkdtemp(prefix="reelgate-desktop-"))
    (folder / _PLACE).symlink_to(place)
    return place


def unprivileged() -> tuple[str, ...]:
    """Return a command prefix that drops root, because anyone who opens the demo gets a shell."""
    if os.geteuid() != 0:
        return ()
    return ("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", "--no-new-privs")


def hand_over(folder: Path) -> None:
    """Give a folder and everything in it to the account the demo's programs run as."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.lchown(path, int(_NOBODY), int(_NOBODY))


def write_private(path: Path, content: bytes) -> None:
    """Write a file that was never readable by other accounts."""
    path.touch(mode=0o600)
    path.write_bytes(content)


def _free_display() -> int:
    """Return an unused display number, chosen at random so that concurrent callers rarely collide."""
    while True:
        number = random.randrange(100, 10_000)  # noqa: S311 - a choice, not a secret
        if not Path(f"/tmp/.X{number}-lock").exists() and not Path(f"/tmp/.X11-unix/X{number}").exists():  # noqa: S108 - where X servers say so
            return number


def _vnc_password_file(password: str) -> bytes:
    cipher = Cipher(TripleDES(_VNC_FILE_KEY * 3), modes.ECB())  # noqa: S305 - the file's format; single DES is 3DES with one key
    encryptor = cipher.encryptor()
    return encryptor.update(password.encode().ljust(VNC_PASSWORD_LENGTH, b"\0")) + encryptor.finalize()


def _xauthority(cookie: bytes) -> bytes:
    """Return one entry for every display (Xauth(7): family, then counted address, number, name, data)."""
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
    """Return a script that reopens the terminal whenever it is closed, while its window manager runs."""
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
