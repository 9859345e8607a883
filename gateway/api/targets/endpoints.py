"""Targets: list, create, change, remove, test; credentials (write-only); tickets."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, status

from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.schemas import Listing
from gateway.api.targets import trials
from gateway.api.targets.schemas import (
    ClipboardOut,
    CredentialIn,
    CredentialOut,
    TargetChange,
    TargetNew,
    TargetOut,
    TicketOut,
    TrialOut,
)
from gateway.audit import AuditTag, record
from gateway.core.policy.access import Action, allows
from gateway.db.models import Credential, Target, User
from gateway.db.repositories import targets, tickets
from gateway.proxies.desktop.trial import TooManyTrialsError
from gateway.targets import targets as service
from gateway.targets.addresses import check_host
from gateway.targets.credentials import CredentialVault
from gateway.targets.protocols import clipboard_rules

router = APIRouter(prefix="/targets", tags=["targets"])
Lists = Annotated[User, Depends(allow(Action.TARGET_LIST))]
Manages = Annotated[User, Depends(allow(Action.TARGET_MANAGE))]


@router.get("")
def list_targets(user: Lists, state: GatewayStateDep) -> Listing[TargetOut]:
    """List targets, by name."""
    with state.database.read() as session:
        return Listing(items=[_out(user, *row) for row in targets.all_with_credentials(session)])


@router.post("", status_code=status.HTTP_201_CREATED)
def create_target(body: TargetNew, user: Manages, actor: ActorDep, state: GatewayStateDep) -> TargetOut:
    """Create a target, with its credential if given."""
    check_host(state.settings, body.host)
    vault = CredentialVault.open(state.settings)
    with state.database.write() as session:
        values = body.model_dump(exclude={"credential"})
        target = service.create(session, values, _signs_in(body.credential), vault, actor)
        return _out(user, target, targets.credential_of(session, target.id))


@router.get("/{target_id}")
def get_target(target_id: str, user: Lists, state: GatewayStateDep) -> TargetOut:
    """Return one target."""
    with state.database.read() as session:
        target = service.find(session, target_id)
        return _out(user, target, targets.credential_of(session, target.id))


@router.patch("/{target_id}")
def change_target(
    target_id: str, body: TargetChange, user: Manages, actor: ActorDep, state: GatewayStateDep
) -> TargetOut:
    """Change a target."""
    if body.host is not None:
        check_host(state.settings, body.host)
    with state.database.write() as session:
        target = service.change(session, target_id, body.model_dump(exclude_none=True), actor)
        return _out(user, target, targets.credential_of(session, target.id))


@router.delete("/{target_id}", status_code=status.HTTP_204_NO_CONTENT)
def remove_target(target_id: str, _user: Manages, actor: ActorDep, state: GatewayStateDep) -> None:
    """Remove a target; its recordings stay."""
    with state.database.write() as session:
        service.remove(session, target_id, actor)


@router.put("/{target_id}/credential")
def set_credential(
    target_id: str, body: CredentialIn, _user: Manages, actor: ActorDep, state: GatewayStateDep
) -> CredentialOut:
    """Set the target's credential."""
    vault = CredentialVault.open(state.settings)
    with state.database.write() as session:
        given = service.SignsIn(body.username, body.secret)
        credential = service.set_credential(session, service.find(session, target_id), given, vault, actor)
        return _credential_out(credential)


@router.delete("/{target_id}/credential", status_code=status.HTTP_204_NO_CONTENT)
def remove_credential(target_id: str, _user: Manages, actor: ActorDep, state: GatewayStateDep) -> None:
    """Delete the target's credential."""
    with state.database.write() as session:
        service.remove_credential(session, target_id, actor)


@router.post("/{target_id}/tickets", status_code=status.HTTP_201_CREATED)
def issue_ticket(
    target_id: str,
    user: Annotated[User, Depends(allow(Action.TARGET_OPEN))],
    actor: ActorDep,
    state: GatewayStateDep,
) -> TicketOut:
    """Issue a ticket: the signed-in user may open this target once, from the same address, within seconds."""
    with state.database.write() as session:
        target = service.find(session, target_id)
        token, ticket = tickets.issue(
            session,
            user_id=user.id,
            target_id=target.id,
            address=actor.address,
            life_seconds=state.settings.ticket_seconds,
        )
        record(session, AuditTag.TICKET_ISSUED, actor, subject_id=target.id)
        clipboard = clipboard_rules(target.protocol, target.parameters)
        return TicketOut(
            ticket=token,
            expires_at=ticket.expires_at,
            tunnel_path="/api/tunnel",
            clipboard=ClipboardOut.model_validate(clipboard, from_attributes=True),
        )


@router.post("/{target_id}/trials", responses={429: {"description": "too often"}})
def try_target(target_id: str, user: Manages, actor: ActorDep, state: GatewayStateDep) -> TrialOut:
    """Test the connection: resolve the name, open the port, sign in. Shows nothing of the target and records nothing."""
    if not state.target_attempts.allow(user.id):
        raise HTTPException(status.HTTP_429_TOO_MANY_REQUESTS, "too many tests; wait a minute")
    try:
        return trials.try_target(state, target_id, user, actor)
    except TooManyTrialsError as error:
        raise HTTPException(status.HTTP_429_TOO_MANY_REQUESTS, "other tests are running; try again soon") from error


def _signs_in(given: CredentialIn | None) -> service.SignsIn | None:
    return None if given is None else service.SignsIn(given.username, given.secret)


def _out(user: User, target: Target, credential: Credential | None) -> TargetOut:
    manages = allows(user.role, Action.TARGET_MANAGE)
    return TargetOut(
        id=target.id,
        name=target.name,
        protocol=target.protocol,
        record_keys=target.record_keys,
        recording_policy=target.recording_policy,
        index_text=target.index_text,
        target_group=target.target_group,
        risk_class=target.risk_class,
        created_at=target.created_at,
        host=target.host if manages else None,
        port=target.port if manages else None,
        parameters=target.parameters if manages else None,
        credential=_credential_out(credential) if manages and credential else None,
    )


def _credential_out(credential: Credential) -> CredentialOut:
    return CredentialOut(username=credential.username, updated_at=credential.updated_at)
