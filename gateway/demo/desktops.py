"""Descriptions of the two demo desktops: programs to supervise, and parameters of their targets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gateway.demo.certificate import self_signed
from gateway.demo.display import Display, Look, hand_over, prepare, remove, unprivileged, write_private
from gateway.supervisor.child import Child
from gateway.supervisor.probes import free_port, listening

_HOST = "127.0.0.1"
_USER = "demo"


@dataclass(frozen=True, slots=True)
class Desktop:
    """A desktop to connect to: guacd's protocol and parameters, and the credential."""

    name: str
    protocol: str
    host: str
    port: int
    username: str
    password: str = field(repr=False)
    parameters: Mapping[str, str]
    children: tuple[Child, ...] = field(repr=False)
    display: Display = field(repr=False)
    folder: Path = field(repr=False)

    def remove(self) -> None:
        """Remove its files after its programs have ended."""
        remove(self.folder)


def vnc_desktop(folder: Path, *, width: int = 1280, height: int = 800) -> Desktop:
    """Prepare a TigerVNC desktop in its own `folder`. Call `remove` afterwards."""
    look = Look(width, height, "Demo terminal (VNC)", "This is the VNC demo desktop. What you type here is recorded.")
    display = prepare("vnc-desktop", folder, look)
    hand_over(display.folder)
    return Desktop(
        name="vnc-desktop",
        protocol="vnc",
        host=_HOST,
        port=display.port,
        username="",
        password=display.password,
        parameters={},
        children=tuple(display.children()),
        display=display,
        folder=folder,
    )


def rdp_desktop(folder: Path, *, width: int = 1280, height: int = 800) -> Desktop:
    """Prepare an xrdp desktop in the new `folder`: RDP with TLS in front of its own display.

    xrdp passes the password to the display, which checks it; no system account is involved.
    """
    look = Look(
        width, height, "Demo terminal (RDP)", "This is the RDP demo desktop. What you type here is recorded.", "#2b2144"
    )
    display = prepare("rdp-desktop", folder, look)
    place = display.folder
    port = free_port()
    certificate, key = self_signed(_HOST)
    write_private(place / "cert.pem", certificate)
    write_private(place / "key.pem", key)
    (place / "xrdp.ini").write_text(_xrdp_ini(place, port, display), encoding="utf-8")
    hand_over(place)
    server = Child(
        name="rdp-desktop-server",
        command=(*unprivileged(), "xrdp", "--nodaemon", "--config", str(place / "xrdp.ini")),
        env=display.env,
        cwd=place,
        is_ready=listening(_HOST, port),
        log=folder / "server.log",
    )
    return Desktop(
        name="rdp-desktop",
        protocol="rdp",
        host=_HOST,
        port=port,
        username=_USER,
        password=display.password,
        # The certificate is new at each start, so it cannot be pinned. The display resizes with the operator's window.
        parameters={"security": "any", "ignore-cert": "true", "resize-method": "display-update"},
        children=(*display.children(), server),
        display=display,
        folder=folder,
    )


def _xrdp_ini(folder: Path, port: int, display: Display) -> str:
    return f"""[Globals]
ini_version=1
fork=true
port=tcp://{_HOST}:{port}
security_layer=tls
crypt_level=high
certificate={folder}/cert.pem
key_file={folder}/key.pem
ssl_protocols=TLSv1.2, TLSv1.3
autorun=screen
allow_channels=true
bitmap_cache=true
bitmap_compression=true
bulk_compression=true
max_bpp=24
new_cursors=true
use_fastpath=both
require_credentials=true

[Logging]
LogFile={folder}/xrdp.log
LogLevel=INFO
EnableSyslog=false

[Channels]
cliprdr=true
drdynvc=true

[screen]
name=screen
lib=libvnc.so
ip={_HOST}
port={display.port}
username=ask
password=ask
"""
