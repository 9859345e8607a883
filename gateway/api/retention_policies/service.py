"""Rules for changing retention policies. Functions work in the caller's transaction."""

from functools import partial

from sqlmodel import Session

from gateway.api.retention_policies.schemas import PolicyBody, PolicySave, PolicyTrial
from gateway.audit import Actor, AuditTag, record
from gateway.core.errors import ConflictError, InvalidInputError, NotFoundError
from gateway.core.policy.retention import Policy, changed
from gateway.core.work import RETENTION_APPLY
from gateway.db.columns import new_id, utc_now
from gateway.db.database import after_commit
from gateway.db.models import RetentionPolicy, Target
from gateway.db.repositories import retention
from gateway.retention.dates import changes
from gateway.retention.preview import Effect, effect, is_shorter
from gateway.work.stages import SendJob


def preview(session: Session, trial: PolicyTrial, default_hot_days: float) -> Effect:
    """Preview a change; raises the errors that saving would raise."""
    if trial.policy_id is None and trial.policy is None:
        raise InvalidInputError("nothing to preview; give policy_id, policy, or both")
    if trial.policy_id is not None:
        retention.get(session, trial.policy_id)
    policy_id = trial.policy_id or new_id()
    new = None if trial.policy is None else _checked(session, policy_id, trial.policy)
    return effect(session, changed(retention.in_force(session), policy_id, new), default_hot_days, utc_now())


def create(
    session: Session, body: PolicySave, actor: Actor, send_job: SendJob, default_hot_days: float
) -> RetentionPolicy:
    """Create a policy."""
    row = RetentionPolicy(name=body.name, retain_for_days=body.retain_for_days)
    _save(session, row, body, default_hot_days)
    _note(session, AuditTag.RETENTION_POLICY_CREATED, row, actor, send_job)
    return row


def change(
    session: Session, policy_id: str, body: PolicySave, actor: Actor, send_job: SendJob, default_hot_days: float
) -> RetentionPolicy:
    """Replace the policy's content with `body`."""
    row = retention.get(session, policy_id)
    _save(session, row, body, default_hot_days)
    _note(session, AuditTag.RETENTION_POLICY_CHANGED, row, actor, send_job)
    return row


def remove(
    session: Session,
    policy_id: str,
    actor: Actor,
    send_job: SendJob,
    default_hot_days: float,
    *,
    accept_shorter: bool,
) -> None:
    """Remove a policy; its recordings fall under the next one that matches. The row stays, but its name is free again."""
    row = retention.get(session, policy_id)
    _refuse_shorter(session, changed(retention.in_force(session), policy_id, None), default_hot_days, accept_shorter)
    _note(session, AuditTag.RETENTION_POLICY_REMOVED, row, actor, send_job)
    row.removed_at = utc_now()
    row.name = f"{row.name} (removed {row.removed_at:%Y-%m-%d %H:%M:%S.%f})"
    session.add(row)


def _save(session: Session, row: RetentionPolicy, body: PolicySave, default_hot_days: float) -> None:
    new = _checked(session, row.id, body)
    policies = changed(retention.in_force(session), row.id, new)
    _refuse_shorter(session, policies, default_hot_days, body.accept_shorter)
    row.sqlmodel_update(body.model_dump(exclude={"accept_shorter"}))
    row.updated_at = utc_now()
    session.add(row)
    session.flush()


def _checked(session: Session, policy_id: str, body: PolicyBody) -> Policy:
    same = retention.by_name(session, body.name)
    if same is not None and same.id != policy_id:
        raise ConflictError(f"a retention policy named {body.name} already exists; choose another name")
    if body.target_id is not None and session.get(Target, body.target_id) is None:
        raise NotFoundError("there is no such target")
    return Policy(id=policy_id, **body.model_dump(include=set(PolicyBody.model_fields)))


def _refuse_shorter(session: Session, policies: list[Policy], default_hot_days: float, accepted: bool) -> None:
    if accepted:
        return
    now = utc_now()
    count = sum(is_shorter(row, change, now) for row, change in changes(session, policies, default_hot_days))
    if count:
        raise ConflictError(
            f"{count} recording{' was' if count == 1 else 's were'} promised to be kept for longer: "
            "check the preview, then accept the shorter time (accept_shorter)"
        )


def _note(session: Session, tag: AuditTag, row: RetentionPolicy, actor: Actor, send_job: SendJob) -> None:
    said = row.model_dump(mode="json", exclude={"id", "created_at", "updated_at", "removed_at"})
    record(session, tag, actor, subject_id=row.id, **said)
    after_commit(session, partial(send_job, RETENTION_APPLY))
