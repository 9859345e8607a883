"""Findings: list, download, review."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from starlette.responses import StreamingResponse

from gateway.api import tables
from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.findings import service
from gateway.api.findings.schemas import FindingOut, FindingPage, FindingReview, FindingsReview
from gateway.api.schemas import Cursor, Limit, Listing, TransferOut
from gateway.audit import AuditTag, record
from gateway.context import GatewayState
from gateway.core.finding import Verdict
from gateway.core.policy.access import Action
from gateway.db.columns import utc_now
from gateway.db.models import User
from gateway.db.repositories import findings
from gateway.db.repositories.findings import FindingFilter, ListedFinding
from gateway.search import Scope

router = APIRouter(prefix="/findings", tags=["findings"])
COLUMNS: Final = (
    *("id", "at", "watch_term_name", "operator_name", "target_name", "recording_id", "offset_ms", "end_ms"),
    *("source", "match", "text", "verdict", "comment", "reviewed_by_name", "reviewed_at"),
)
Key = Annotated[str | None, Query(max_length=100)]


def _filter(
    verdict: Verdict | None = None,
    watch_term_id: Key = None,
    recording_id: Key = None,
    operator: Key = None,
    target: Key = None,
    after: datetime | None = None,
    before: datetime | None = None,
) -> FindingFilter:
    return FindingFilter(verdict, watch_term_id, recording_id, operator, target, _utc(after), _utc(before))


def _utc(at: datetime | None) -> datetime | None:
    """Interpret a time without a zone as UTC; a date is its midnight."""
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at


Filter = Annotated[FindingFilter, Depends(_filter)]


@router.get("")
def list_findings(
    user: Annotated[User, Depends(allow(Action.FINDING_LIST))],
    actor: ActorDep,
    state: GatewayStateDep,
    filters: Filter,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> FindingPage:
    """List findings in the recordings the user may search, newest first."""
    allowed = Scope.of_role(user.role).condition()
    with state.database.read() as session:
        page = findings.page(session, filters, allowed, limit=limit, cursor=cursor)
        answer = FindingPage(items=[_out(row) for row in page.items], next_cursor=page.next_cursor)
    # Findings contain text from screens, so viewing them is audited before they are returned.
    with state.database.write() as session:
        record(
            session,
            AuditTag.FINDINGS_LISTED,
            actor,
            finding_count=len(answer.items),
            recording_ids=sorted({item.recording_id for item in answer.items}),
            is_first_page=cursor is None,
        )
    return answer


@router.get("/file", response_class=StreamingResponse)
def download_findings(
    user: Annotated[User, Depends(allow(Action.FINDING_LIST))],
    actor: ActorDep,
    state: GatewayStateDep,
    filters: Filter,
) -> StreamingResponse:
    """Download the findings that match the filter as CSV."""
    with state.database.write() as session:
        given = {name: str(value) for name, value in asdict(filters).items() if value is not None}
        record(session, AuditTag.FINDINGS_EXPORTED, actor, **given)
    rows = _rows(state, filters, user)
    name = f"findings-{utc_now():%Y%m%d-%H%M%S}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(tables.as_csv(COLUMNS, rows), media_type="text/csv; charset=utf-8", headers=headers)


def _rows(state: GatewayState, filters: FindingFilter, user: User) -> Iterator[list[object]]:
    with state.database.read() as session:
        for row in findings.all_of(session, filters, Scope.of_role(user.role).condition()):
            fields = _out(row).model_dump(mode="json")
            yield [fields[name] for name in COLUMNS]


@router.post("/review")
def review_findings(
    body: FindingsReview,
    user: Annotated[User, Depends(allow(Action.FINDING_REVIEW))],
    actor: ActorDep,
    state: GatewayStateDep,
) -> Listing[FindingOut]:
    """Give several findings the same verdict; all or none."""
    with state.database.write() as session:
        ids = dict.fromkeys(body.finding_ids)
        return Listing(items=[_out(service.review(session, one, body, user, actor)) for one in ids])


@router.patch("/{finding_id}")
def review_finding(
    finding_id: str,
    body: FindingReview,
    user: Annotated[User, Depends(allow(Action.FINDING_REVIEW))],
    actor: ActorDep,
    state: GatewayStateDep,
) -> FindingOut:
    """Set a finding's verdict and comment."""
    with state.database.write() as session:
        return _out(service.review(session, finding_id, body, user, actor))


def _out(row: ListedFinding) -> FindingOut:
    finding, recording = row.finding, row.recording
    return FindingOut(
        id=finding.id,
        watch_term_id=finding.watch_term_id,
        watch_term_name=row.watch_term_name,
        recording_id=finding.recording_id,
        recording_kind=recording.kind,
        operator_name=recording.operator_name,
        target_name=recording.target_name,
        at=finding.at,
        offset_ms=finding.start_ms,
        end_ms=finding.end_ms,
        text=finding.text,
        place=finding.place,
        source=finding.source,
        transfer=TransferOut.model_validate(finding.transfer) if finding.transfer else None,
        match=finding.match,
        width=recording.width,
        height=recording.height,
        verdict=finding.verdict,
        comment=finding.comment,
        reviewed_by_name=row.reviewed_by_name,
        reviewed_at=finding.reviewed_at,
        created_at=finding.created_at,
    )
