"""Read the audit trail and request checks of it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from gateway.api.audit import service
from gateway.api.audit.schemas import AuditEventOut, TrailOut
from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.schemas import Cursor, Limit, Moment, PageOf
from gateway.audit import AuditTag, record
from gateway.core.policy.access import Action
from gateway.core.work import TaskKind
from gateway.db.models import User
from gateway.db.repositories import audit
from gateway.db.repositories.audit import EventFilter
from gateway.work.tasks import place

router = APIRouter(prefix="/audit", tags=["audit"])
Reads = Annotated[User, Depends(allow(Action.AUDIT_READ))]


@router.get("")
def list_audit_events(
    _user: Reads,
    state: GatewayStateDep,
    tag: Annotated[list[AuditTag] | None, Query(max_length=100)] = None,
    actor: Annotated[str | None, Query(max_length=100)] = None,
    subject_id: Annotated[str | None, Query(max_length=100)] = None,
    text: Annotated[str | None, Query(max_length=200)] = None,
    after: Moment | None = None,
    before: Moment | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[AuditEventOut]:
    """List events, newest first. `after` is inclusive, `before` exclusive; `text` searches every displayed column."""
    wanted = EventFilter([one.value for one in tag or ()], actor, subject_id, text, after, before)
    with state.database.read() as session:
        page = audit.events(session, wanted, limit=limit, cursor=cursor)
        return PageOf(items=service.shown(session, page.items), next_cursor=page.next_cursor)


@router.get("/trail")
def get_trail(_user: Reads, state: GatewayStateDep) -> TrailOut:
    """Return how far the hash chain has been verified, and when."""
    with state.database.read() as session:
        return service.trail(session)


@router.post("/trail/check", status_code=202)
def check_trail(_user: Reads, actor: ActorDep, state: GatewayStateDep) -> TrailOut:
    """Request a check of the whole trail by a worker."""
    with state.database.write() as session:
        task = place(session, TaskKind.AUDIT_CHECK, actor, state.send_job)
        record(session, AuditTag.AUDIT_CHECK_REQUESTED, actor, task_id=task.id)
        return service.trail(session)
