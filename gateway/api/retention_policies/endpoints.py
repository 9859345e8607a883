"""Retention policies: list, preview, create, change, remove."""

from typing import Annotated

from fastapi import APIRouter, Depends, status
from sqlmodel import Session

from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.retention_policies import service
from gateway.api.retention_policies.schemas import (
    AffectedOut,
    EffectOut,
    ExampleOut,
    PolicyOut,
    PolicySave,
    PolicyTrial,
)
from gateway.api.schemas import Listing
from gateway.core.policy.access import Action
from gateway.db.models import RetentionPolicy, Target, User
from gateway.db.repositories import retention
from gateway.retention.preview import Affected, Effect

router = APIRouter(prefix="/retention_policies", tags=["retention_policies"])
Reads = Annotated[User, Depends(allow(Action.RETENTION_READ))]
Manages = Annotated[User, Depends(allow(Action.RETENTION_MANAGE))]


@router.get("")
def list_retention_policies(_user: Reads, state: GatewayStateDep) -> Listing[PolicyOut]:
    """List the retention policies in force, by name; the default policy always exists."""
    with state.database.read() as session:
        rows = retention.listed(session)
        return Listing(items=[_out(row, name, state.settings.hot_days) for row, name in rows])


@router.post("/preview")
def preview_retention_policy(body: PolicyTrial, _user: Manages, state: GatewayStateDep) -> EffectOut:
    """Preview the effect and conflicts of a change. Nothing is saved."""
    with state.database.read() as session:
        return _effect_out(service.preview(session, body, state.settings.hot_days))


@router.post("", status_code=status.HTTP_201_CREATED)
def create_retention_policy(body: PolicySave, _user: Manages, actor: ActorDep, state: GatewayStateDep) -> PolicyOut:
    """Create a policy. Recordings get their new dates within moments."""
    with state.database.write() as session:
        row = service.create(session, body, actor, state.send_job, state.settings.hot_days)
        return _named(session, row, state.settings.hot_days)


@router.put("/{policy_id}")
def change_retention_policy(
    policy_id: str, body: PolicySave, _user: Manages, actor: ActorDep, state: GatewayStateDep
) -> PolicyOut:
    """Replace a policy with the given one."""
    with state.database.write() as session:
        row = service.change(session, policy_id, body, actor, state.send_job, state.settings.hot_days)
        return _named(session, row, state.settings.hot_days)


@router.delete("/{policy_id}", status_code=status.HTTP_204_NO_CONTENT)
def remove_retention_policy(
    policy_id: str, _user: Manages, actor: ActorDep, state: GatewayStateDep, *, accept_shorter: bool = False
) -> None:
    """Remove a policy; its recordings fall under the next policy that matches."""
    with state.database.write() as session:
        service.remove(
            session, policy_id, actor, state.send_job, state.settings.hot_days, accept_shorter=accept_shorter
        )


def _named(session: Session, row: RetentionPolicy, default_hot_days: float) -> PolicyOut:
    target = session.get(Target, row.target_id) if row.target_id else None
    return _out(row, target.name if target else None, default_hot_days)


def _out(row: RetentionPolicy, target_name: str | None, default_hot_days: float) -> PolicyOut:
    return PolicyOut(
        **row.model_dump(exclude={"removed_at"}),
        target_name=target_name,
        effective_hot_days=default_hot_days if row.hot_days is None else row.hot_days,
    )


def _effect_out(found: Effect) -> EffectOut:
    return EffectOut(**{name: _affected_out(getattr(found, name)) for name in EffectOut.model_fields})


def _affected_out(found: Affected) -> AffectedOut:
    examples = [
        ExampleOut(
            recording_id=example.recording.id,
            recording_kind=example.recording.kind,
            target_name=example.recording.target_name,
            operator_name=example.recording.operator_name,
            started_at=example.recording.started_at,
            before=example.before,
            after=example.after,
        )
        for example in found.examples
    ]
    return AffectedOut(count=found.count, size_bytes=found.size_bytes, examples=examples)
