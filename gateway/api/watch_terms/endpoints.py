"""Watch terms: list, create, change, disable, run on the backlog."""

from typing import Annotated

from fastapi import APIRouter, Depends, status
from sqlmodel import Session

from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.watch_terms import service
from gateway.api.watch_terms.schemas import (
    WatchTermBacklog,
    WatchTermChange,
    WatchTermListing,
    WatchTermNew,
    WatchTermOut,
)
from gateway.core.policy.access import Action
from gateway.db.models import Task, User, WatchTerm
from gateway.db.repositories import watch_terms
from gateway.db.repositories.watch_terms import ListedTerm

router = APIRouter(prefix="/watch_terms", tags=["watch_terms"])
Manages = Annotated[User, Depends(allow(Action.WATCH_TERM_MANAGE))]


@router.get("")
def list_watch_terms(
    _user: Annotated[User, Depends(allow(Action.FINDING_LIST))], state: GatewayStateDep
) -> WatchTermListing:
    """List watch terms, by name, with the counts of their findings."""
    with state.database.read() as session:
        rows = [_out(row) for row in watch_terms.listed(session)]
        return WatchTermListing(items=rows, recording_count=watch_terms.searchable_count(session))


@router.post("", status_code=status.HTTP_201_CREATED)
def create_watch_term(body: WatchTermNew, user: Manages, actor: ActorDep, state: GatewayStateDep) -> WatchTermOut:
    """Create a watch term. It runs on every recording from now on and, with `backlog`, on existing ones.

    An invalid query is rejected with the reason.
    """
    with state.database.write() as session:
        term = service.create(session, body, user, actor)
        if body.backlog:
            service.request_backlog(session, term.id, actor, state.send_job)
        return _only(session, term)


@router.patch("/{watch_term_id}")
def change_watch_term(
    watch_term_id: str, body: WatchTermChange, _user: Manages, actor: ActorDep, state: GatewayStateDep
) -> WatchTermOut:
    """Change, disable or enable a watch term."""
    with state.database.write() as session:
        return _only(session, service.change(session, watch_term_id, body, actor, state.send_job))


@router.post("/{watch_term_id}/backlog")
def run_backlog(watch_term_id: str, _user: Manages, actor: ActorDep, state: GatewayStateDep) -> WatchTermOut:
    """Request a run on all existing recordings."""
    with state.database.write() as session:
        return _only(session, service.request_backlog(session, watch_term_id, actor, state.send_job))


def _only(session: Session, term: WatchTerm) -> WatchTermOut:
    (row,) = watch_terms.listed(session, term.id)
    return _out(row)


def _out(row: ListedTerm) -> WatchTermOut:
    term = row.term
    return WatchTermOut(
        id=term.id,
        name=term.name,
        query=term.query,
        created_by_name=row.created_by_name,
        created_at=term.created_at,
        disabled_at=term.disabled_at,
        finding_count=row.finding_count,
        open_count=row.open_count,
        backlog=_backlog(row.backlog),
    )


def _backlog(task: Task | None) -> WatchTermBacklog | None:
    if task is None:
        return None
    counts = task.result
    return WatchTermBacklog(
        state=task.state, error=task.error, done_count=counts["done_count"], total_count=counts["total_count"]
    )
