"""Health for everyone, metrics for scrapers, system state for roles that may see it."""

import secrets
import statistics
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response, status
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from gateway.api.deps import PERMISSION, GatewayStateDep, LiveStateDep, SignedIn, allow
from gateway.api.system import health, metrics
from gateway.api.system.schemas import ArchiveOut, BacklogOut, CheckOut, ChildOut, HealthOut, RequirementOut, SystemOut
from gateway.context import GatewayState
from gateway.core.policy.access import Action, allows
from gateway.db.columns import utc_now
from gateway.db.models import User
from gateway.db.repositories import recordings, stages
from gateway.db.repositories.backlog import archive_backlog
from gateway.requester import authenticate
from gateway.storage.archive_checks import latest

public = APIRouter(tags=["system"])
router = APIRouter(prefix="/system", tags=["system"])


@public.get("/health", responses={503: {"model": HealthOut}})
def get_health(request: Request, response: Response, state: GatewayStateDep) -> HealthOut:
    """Report whether sessions can be opened and recordings processed; 503 if no session can be opened.

    Anyone gets the overall status; only roles that may see the system get the individual checks.
    """
    results, processes = health.checks(state), health.children(state.settings)
    overall = health.overall(results, processes)
    if overall is health.Health.FAILING:
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    if not _sees_system(request):
        return HealthOut(status=overall)
    return HealthOut(
        status=overall, checks={check.name: check.ok for check in results}, children=[_child(row) for row in processes]
    )


def _sees_system(request: Request) -> bool:
    """Health must work without the database; nobody counts as signed in then."""
    try:
        user = authenticate(request)
    except SQLAlchemyError:
        return False
    return user is not None and allows(user.role, Action.SYSTEM_READ)


@public.get("/api/openapi.json")
def get_openapi(request: Request, _user: SignedIn) -> dict[str, Any]:
    """Return the OpenAPI document of this API."""
    document: dict[str, Any] = request.app.openapi()
    return document


def may_scrape(request: Request, state: GatewayStateDep, authorization: Annotated[str | None, Header()] = None) -> None:
    """Allow a scraper with the configured token, or a user who may see the system."""
    token = state.settings.metrics_token
    expected = f"Bearer {token.get_secret_value()}" if token else None
    if expected and authorization and secrets.compare_digest(authorization.encode(), expected.encode()):
        return
    user = authenticate(request)
    if user is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "sign in first, or present the metrics token")
    if not allows(user.role, Action.SYSTEM_READ):
        raise HTTPException(status.HTTP_403_FORBIDDEN, f"your role ({user.role}) does not allow this")


setattr(may_scrape, PERMISSION, (Action.SYSTEM_READ,))


@public.get("/metrics", dependencies=[Depends(may_scrape)], response_class=Response)
def get_metrics(state: GatewayStateDep) -> Response:
    """Return metrics in Prometheus text format."""
    return Response(metrics.render(state), media_type="text/plain; version=0.0.4")


@router.get("")
def get_system(_user: Annotated[User, Depends(allow(Action.SYSTEM_READ))], state: LiveStateDep) -> SystemOut:
    """Return health with details, and the backlog of processing."""
    results, processes = health.checks(state), health.children(state.settings)
    with state.database.read() as session:
        backlog = stages.unfinished_counts(session)
        counts = recordings.state_counts(session)
        delays = recordings.searchable_delays(session, utc_now() - metrics.WINDOW)
        archive = _archive(session, state)
    return SystemOut(
        status=health.overall(results, processes),
        gateway_id=state.gateway_id,
        live_sessions=len(state.registry),
        checks=[CheckOut(name=check.name, ok=check.ok, detail=check.detail) for check in results],
        children=[_child(row) for row in processes],
        recordings=counts,
        backlog=[BacklogOut(stage=name, state=state_, count=count) for (name, state_), count in backlog.items()],
        archive=archive,
        searchable_seconds=statistics.median(delays) if delays else None,
    )


def _archive(session: Session, state: GatewayState) -> ArchiveOut:
    row = latest(session, state.files.archive)
    waiting = archive_backlog(session)
    return ArchiveOut(
        place=state.files.archive.place,
        checked_at=row.checked_at if row else None,
        is_usable=row.is_usable if row else None,
        reason=row.reason if row else "",
        requirements=[RequirementOut(**requirement) for requirement in row.requirements] if row else [],
        waiting_count=waiting.recording_count,
        waiting_bytes=waiting.size_bytes,
        failed_count=waiting.failed_count,
        oldest_waiting_at=waiting.oldest_at,
        last_error=waiting.last_error,
    )


def _child(row: dict[str, object]) -> ChildOut:
    return ChildOut(name=str(row["name"]), state=str(row["state"]), restarts=int(str(row.get("restarts", 0))))
