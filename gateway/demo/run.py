"""`reelgate demo`: everything on one machine, with two desktops, a user of each role and a target for each desktop.

The users' password is generated once and stored in the data folder, so a second start prints the same one. The desktops
are new at each start; their targets are updated.
"""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlmodel import Session

from gateway import supervisor
from gateway.audit import Actor
from gateway.core.policy.access import Role
from gateway.db.repositories import targets, users
from gateway.demo.desktops import Desktop, rdp_desktop, vnc_desktop
from gateway.identity.passwords import hash_password
from gateway.identity.users import NewUser, create
from gateway.keys.site import open_database
from gateway.settings import Settings
from gateway.supervisor.child import Child
from gateway.targets import targets as target_service
from gateway.targets.credentials import CredentialVault
from gateway.targets.targets import SignsIn

_PASSWORD_FILE: Final = "demo-password"  # noqa: S105 - the name of a file
_ACTOR: Final = Actor("demo")
_DISPLAY_NAMES: Final = {
    Role.OPERATOR: "Olga Operator",
    Role.AUDITOR: "Aldo Auditor",
    Role.COMPLIANCE: "Clara Compliance",
    Role.ADMIN: "Ada Admin",
}
_TITLES: Final = {"rdp": "Demo terminal (RDP)", "vnc": "Demo terminal (VNC)"}
_DOES: Final = {
    Role.OPERATOR: "opens the desktops",
    Role.AUDITOR: "searches and watches",
    Role.COMPLIANCE: "keeps and downloads",
    Role.ADMIN: "does all of it",
}


def run(settings: Settings) -> None:
    """Run the demo in the foreground until Ctrl-C. Raises ReelgateError if it cannot start."""
    desktops: list[Desktop] = []
    # Allows targets on this machine, which are denied otherwise; the web server inherits it.
    allowed = ",".join(filter(None, (settings.allowed_targets, "127.0.0.1")))
    os.environ["REELGATE_ALLOWED_TARGETS"] = allowed

    def more(ready: Settings) -> Sequence[Child]:
        folder = ready.data_dir.absolute() / "demo"
        folder.mkdir(exist_ok=True, mode=0o711)
        desktops.extend((vnc_desktop(folder / "vnc"), rdp_desktop(folder / "rdp")))
        _enter(ready, desktops)
        return [child for desktop in desktops for child in desktop.children]

    try:
        supervisor.run(settings, more=more, greeting=_greeting)
    finally:
        for desktop in desktops:
            desktop.remove()


def password(data_dir: Path) -> str:
    """Return the demo users' password, generated at the first call."""
    path = data_dir / _PASSWORD_FILE
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        made = "-".join(secrets.token_hex(2) for _ in range(4))
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(made + "\n")
        return made


def _enter(settings: Settings, desktops: Sequence[Desktop]) -> None:
    """Create users and targets in the database, or update existing ones."""
    database = open_database(settings)
    vault = CredentialVault.open(settings)
    secret = password(settings.data_dir)
    with database.write() as session:
        for role in Role:
            if users.by_username(session, str(role)) is None:
                new = NewUser(str(role), _DISPLAY_NAMES[role], role, hash_password(secret))
                create(session, new, _ACTOR)
        for desktop in desktops:
            _enter_target(session, vault, desktop)
    database.close()


def _enter_target(session: Session, vault: CredentialVault, desktop: Desktop) -> None:
    credential = SignsIn(desktop.username, desktop.password)
    name, parameters = _TITLES[desktop.protocol], dict(desktop.parameters)
    known = targets.by_name(session, name)
    if known is None:
        values = {
            "name": name,
            "protocol": desktop.protocol,
            "host": desktop.host,
            "port": desktop.port,
            "parameters": parameters,
        }
        target_service.create(session, values, credential, vault, _ACTOR)
        return
    values = {"host": desktop.host, "port": desktop.port, "parameters": parameters}
    target_service.change(session, known.id, values, _ACTOR)
    target_service.set_credential(session, known, credential, vault, _ACTOR)


def _greeting(settings: Settings) -> str:
    rows = [f"  {role:<11} {password(settings.data_dir)}   {_DOES[role]}" for role in Role]
    return "\n".join(("Sign in as one of:", *rows, "Ctrl-C ends all of it."))
