"""Rules for targets and credentials. Values are already validated by the API's bodies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError, NotFoundError
from gateway.core.session import CloseReason
from gateway.db.columns import utc_now
from gateway.db.models import Credential, Target
from gateway.db.repositories import session_commands as running, targets
from gateway.session_commands import end_all
from gateway.targets.credentials import CredentialVault
from gateway.targets.protocols import checked_parameters


@dataclass(frozen=True, slots=True)
class SignsIn:
    """A credential as entered."""

    username: str
    secret: str = field(repr=False)


def find(session: Session, target_id: str) -> Target:
    """Return the target. Raises NotFoundError."""
    target = targets.find(session, target_id)
    if target is None:
        raise NotFoundError("there is no such target")
    return target


def create(
    session: Session, values: Mapping[str, Any], credential: SignsIn | None, vault: CredentialVault, actor: Actor
) -> Target:
    """Create a target. Raises ConflictError if the name is taken, InvalidInputError for an unknown parameter."""
    _refuse_taken(session, values["name"])
    parameters = checked_parameters(values["protocol"], values["parameters"])
    target = Target(**{**values, "parameters": parameters})
    session.add(target)
    session.flush()
    record(session, AuditTag.TARGET_CREATED, actor, subject_id=target.id, name=target.name, host=target.host)
    if credential is not None:
        set_credential(session, target, credential, vault, actor)
    return target


def change(session: Session, target_id: str, values: Mapping[str, Any], actor: Actor) -> Target:
    """Change the given fields of a target; running sessions are not affected."""
    target = find(session, target_id)
    if values.get("name", target.name) != target.name:
        _refuse_taken(session, values["name"])
    for name, value in values.items():
        setattr(target, name, checked_parameters(target.protocol, value) if name == "parameters" else value)
    session.add(target)
    record(session, AuditTag.TARGET_CHANGED, actor, subject_id=target.id, name=target.name, fields=sorted(values))
    return target


def remove(session: Session, target_id: str, actor: Actor) -> None:
    """Remove a target and end its sessions. Its row stays for its recordings; its credential is deleted, its name is free."""
    target = find(session, target_id)
    target.removed_at = utc_now()
    name, target.name = target.name, f"{target.name} (removed {target.removed_at:%Y-%m-%d %H:%M:%S.%f})"
    session.add(target)
    session.flush()  # waits for a session that is being opened; the row's lock comes before the trail's, as there
    _drop_credential(session, target, actor)
    record(session, AuditTag.TARGET_REMOVED, actor, subject_id=target.id, name=name)
    opened = running.running_on_target(session, target.id)
    end_all(session, opened, CloseReason.TARGET_REMOVED, "the target was removed", actor)


def set_credential(
    session: Session, target: Target, given: SignsIn, vault: CredentialVault, actor: Actor
) -> Credential:
    """Store the target's credential, encrypted, replacing an earlier one."""
    credential = targets.credential_of(session, target.id) or Credential(target_id=target.id, encrypted_secret="")
    credential.username = given.username
    credential.encrypted_secret = vault.encrypt(given.secret)
    credential.updated_at = utc_now()
    session.add(credential)
    record(session, AuditTag.CREDENTIAL_SET, actor, subject_id=target.id, username=given.username)
    return credential


def remove_credential(session: Session, target_id: str, actor: Actor) -> None:
    """Delete the target's credential. Raises NotFoundError if there is none."""
    if not _drop_credential(session, find(session, target_id), actor):
        raise NotFoundError("the target has no credential")


def _drop_credential(session: Session, target: Target, actor: Actor) -> bool:
    credential = targets.credential_of(session, target.id)
    if credential is None:
        return False
    session.delete(credential)
    record(session, AuditTag.CREDENTIAL_REMOVED, actor, subject_id=target.id, username=credential.username)
    return True


def _refuse_taken(session: Session, name: str) -> None:
    if targets.by_name(session, name) is not None:
        raise ConflictError(f"a target named {name} already exists; choose another name")
