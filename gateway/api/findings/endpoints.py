"""Findings: the list, and judging one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from gateway.api.deps import ActorDep, GatewayStateDep, allow
from gateway.api.findings import service
from gateway.api.findings.schemas import FindingOut, FindingPage, FindingReview
from gateway.api.schemas import Cursor, Limit, TransferOut
from gateway.api.search.schemas import Box
from gateway.audit import AuditTag, record
from gateway.core.finding import Verdict
from gateway.core.policy.access import Action
from gateway.db.models import User
from gateway.db.repositories import findings
from gateway.db.repositories.findings import FindingFilter, ListedFinding
from gateway.search import Scope

router = APIRouter(prefix="/findings", tags=["findings"])
Key = Annotated[str | None, Query(max_length=100)]


@router.get("")
def list_findings(
    user: Annotated[User, Depends(allow(Action.FINDING_LIST))],
    actor: ActorDep,
    state: GatewayStateDep,
    verdict: Verdict | None = None,
    watch_term_id: Key = None,
    recording_id: Key = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> FindingPage:
    """What watch terms found in the recordings the asker may search, newest moment first."""
    wanted = FindingFilter(verdict, watch_term_id, recording_id)
    allowed = Scope.of_role(user.role).condition()
    with state.database.read() as session:
        page = findings.page(session, wanted, allowed, limit=limit, cursor=cursor)
        answer = FindingPage(items=[_out(row) for row in page.items], next_cursor=page.next_cursor)
    # Findings show text of screens: who looked at them is in the trail before they are shown.
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


@router.patch("/{finding_id}")
def review_finding(
    finding_id: str,
    body: FindingReview,
    user: Annotated[User, Depends(allow(Action.FINDING_REVIEW))],
    actor: ActorDep,
    state: GatewayStateDep,
) -> FindingOut:
    """Give a verdict with a comment."""
    with state.database.write() as session:
        return _out(service.review(session, finding_id, body, user, actor))


def _out(row: ListedFinding) -> FindingOut:
    finding, recording = row.finding, row.recording
    return FindingOut(
        id=finding.id,
        watch_term_id=finding.watch_term_id,
        watch_term_name=row.watch_term_name,
        recording_id=finding.recording_id,
        operator_name=recording.operator_name,
        target_name=recording.target_name,
        at=finding.at,
        offset_ms=finding.start_ms,
        end_ms=finding.end_ms,
        text=finding.text,
        box=Box(x=finding.x, y=finding.y, width=finding.width, height=finding.height),
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
