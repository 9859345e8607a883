"""Rules on targets and credentials."""

from sqlmodel import Session

from gateway.api.targets.schemas import CredentialIn, TargetChange, TargetNew
from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError, NotFoundError
from gateway.db.columns import utc_now
from gateway.db.models import Credential, Target
from gateway.db.repositories import targets
from gateway.targets.credentials import CredentialVault
from gateway.targets.protocols import checked_parameters


def find(session: Session, target_id: str) -> Target:
    """The target of that id, or NotFoundError."""
    target = targets.find(session, target_id)
    if target is None:
        raise NotFoundError("there is no such target")
    return target


def create(session: Session, new: TargetNew, vault: CredentialVault, actor: Actor) -> Target:
    """Add a target; ConflictError when the name is taken, InvalidInputError for a parameter its form does not have."""
    _refuse_taken(session, new.name)
    fields = new.model_dump(exclude={"credential", "parameters"})
    target = Target(**fields, parameters=checked_parameters(new.protocol, new.parameters))
    session.add(target)
    session.flush()
    record(session, AuditTag.TARGET_CREATED, actor, subject_id=target.id, name=target.name, host=target.host)
    if new.credential is not None:
        set_credential(session, target, new.credential, vault, actor)
    return target


def change(session: Session, target_id: str, wanted: TargetChange, actor: Actor) -> Target:
    """Change a target; running sessions keep what they began with."""
    target = find(session, target_id)
    given = wanted.model_dump(exclude_none=True)
    if wanted.name is not None and wanted.name != target.name:
        _refuse_taken(session, wanted.name)
    if wanted.parameters is not None:
        given["parameters"] = checked_parameters(target.protocol, wanted.parameters)
    for name, value in given.items():
        setattr(target, name, value)
    session.add(target)
    record(session, AuditTag.TARGET_CHANGED, actor, subject_id=target.id, name=target.name, fields=sorted(given))
    return target


def remove(session: Session, target_id: str, actor: Actor) -> None:
    """Take a target away. Its row stays for the recordings made of it, its credential goes, its name is free again."""
    target = find(session, target_id)
    _drop_credential(session, target, actor)
    target.removed_at = utc_now()
    name, target.name = target.name, f"{target.name} (removed {target.removed_at:%Y-%m-%d %H:%M:%S.%f})"
    session.add(target)
    record(session, AuditTag.TARGET_REMOVED, actor, subject_id=target.id, name=name)


def set_credential(
    session: Session, target: Target, given: CredentialIn, vault: CredentialVault, actor: Actor
) -> Credential:
    """Store what signs in at the target, encrypted, in place of what was there."""
    credential = targets.credential_of(session, target.id) or Credential(target_id=target.id, encrypted_secret="")
    credential.username = given.username
    credential.encrypted_secret = vault.encrypt(given.secret)
    credential.updated_at = utc_now()
    session.add(credential)
    record(session, AuditTag.CREDENTIAL_SET, actor, subject_id=target.id, username=given.username)
    return credential


def remove_credential(session: Session, target_id: str, actor: Actor) -> None:
    """Forget the target's credential; NotFoundError when there is none."""
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
        raise ConflictError(f"there is a target {name} already")
