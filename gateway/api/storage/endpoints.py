"""Storage use, discrepancies, and reconciling on request."""

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlmodel import Session

from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.schemas import Cursor, Limit, PageOf, TaskOut
from gateway.api.storage import schemas
from gateway.audit import AuditTag, record
from gateway.capacity import sample
from gateway.context import GatewayState
from gateway.core.policy.access import Action
from gateway.core.reconcile import DiscrepancyKind
from gateway.core.work import TaskKind
from gateway.db.models import Discrepancy, Task, User
from gateway.db.repositories import audit, discrepancies, storage
from gateway.db.repositories.audit import Subject
from gateway.db.repositories.backlog import archive_backlog
from gateway.work.tasks import place

router = APIRouter(prefix="/storage", tags=["storage"])
Reads = Annotated[User, Depends(allow(Action.STORAGE_READ))]


@router.get("")
def get_storage(_user: Reads, state: GatewayStateDep) -> schemas.StorageOut:
    """Return both tiers, the disk, the archive's backlog, open discrepancies and the last reconcile."""
    with state.database.read() as session:
        return _storage(session, state)


@router.get("/discrepancies")
def list_discrepancies(
    _user: Reads,
    state: GatewayStateDep,
    only_open: bool = True,
    kind: DiscrepancyKind | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PageOf[schemas.DiscrepancyOut]:
    """List discrepancies, newest first."""
    with state.database.read() as session:
        page = discrepancies.page(session, only_open=only_open, kind=kind, limit=limit, cursor=cursor)
        names = audit.subjects(session, (row.recording_id for row in page.items))
    items = [_discrepancy_out(row, names.get(row.recording_id or "")) for row in page.items]
    return PageOf(items=items, next_cursor=page.next_cursor)


def _discrepancy_out(row: Discrepancy, about: Subject | None) -> schemas.DiscrepancyOut:
    return schemas.DiscrepancyOut(
        **row.model_dump(),
        recording_kind=about.recording_kind if about else None,
        target_name=about.name if about else None,
    )


@router.post("/reconcile", status_code=202)
def request_reconcile(
    body: schemas.ReconcileNew,
    _user: Annotated[User, Depends(allow(Action.STORAGE_RECONCILE))],
    actor: ActorDep,
    state: GatewayStateDep,
) -> schemas.StorageOut:
    """Request that a worker compare all rows with their bytes now."""
    with state.database.write() as session:
        task = place(session, TaskKind.RECONCILE, actor, state.send_job, deep=body.deep, repair=body.repair)
        record(session, AuditTag.RECONCILE_REQUESTED, actor, task_id=task.id, deep=body.deep, repair=body.repair)
        return _storage(session, state)


def _storage(session: Session, state: GatewayState) -> schemas.StorageOut:
    now = sample.now(state.settings, session)
    return schemas.StorageOut(
        hot=schemas.TierOut(recording_count=storage.hot_count(session), size_bytes=now.hot_bytes),
        archive=schemas.TierOut.model_validate(storage.archived(session)),
        disk=schemas.DiskOut(
            free_bytes=now.free_bytes,
            total_bytes=now.total_bytes,
            floor_bytes=state.settings.free_space_floor_bytes,
        ),
        backlog=schemas.ArchiveBacklogOut.model_validate(archive_backlog(session)),
        discrepancies=discrepancies.open_counts(session),
        reconciled=_task(storage.last_reconcile(session)),
        running=_task(storage.running_reconcile(session)),
    )


def _task(row: Task | None) -> TaskOut | None:
    return TaskOut.model_validate(row) if row else None
