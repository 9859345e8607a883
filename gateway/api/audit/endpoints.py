"""Reading the audit trail."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from gateway.api.audit.schemas import AuditEventOut
from gateway.api.deps import GatewayStateDep, allow
from gateway.api.schemas import Cursor, Limit, PageOf
from gateway.audit import AuditTag
from gateway.core.policy.access import Action
from gateway.db.models import User
from gateway.db.repositories import catalogue

router = APIRouter(prefix="/audit", tags=["audit"])


@router.get("")
def list_audit_events(
    _user: Annotated[User, Depends(allow(Action.AUDIT_READ))],
    state: GatewayStateDep,
    tag: AuditTag | None = None,
    actor: Annotated[str | None, Query(max_length=100)] = None,
    subject_id: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[AuditEventOut]:
    """Events, newest first."""
    with state.database.read() as session:
        page = catalogue.audit_events(session, tag=tag, actor=actor, subject_id=subject_id, limit=limit, cursor=cursor)
    items = [AuditEventOut.model_validate(event.model_dump(exclude={"previous_hash"})) for event in page.items]
    return PageOf(items=items, next_cursor=page.next_cursor)
