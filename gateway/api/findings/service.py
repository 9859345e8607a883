"""Rules for reviewing findings."""

from sqlmodel import Session

from gateway.api.findings.schemas import FindingReview
from gateway.audit import Actor, AuditTag, record
from gateway.core.finding import Verdict
from gateway.db.columns import utc_now
from gateway.db.models import User
from gateway.db.repositories import findings
from gateway.db.repositories.findings import ListedFinding
from gateway.search import Scope


def review(session: Session, finding_id: str, judged: FindingReview, user: User, actor: Actor) -> ListedFinding:
    """Set verdict and comment; earlier ones stay in the audit trail. Raises NotFoundError."""
    allowed = Scope.of_role(user.role).condition()
    finding = findings.get(session, finding_id, allowed).finding
    previous, finding.verdict, finding.comment = finding.verdict, judged.verdict, judged.comment
    is_open = judged.verdict is Verdict.OPEN
    finding.reviewed_by, finding.reviewed_at = (None, None) if is_open else (user.id, utc_now())
    session.add(finding)
    session.flush()
    record(
        session,
        AuditTag.FINDING_REVIEWED,
        actor,
        subject_id=finding.recording_id,
        finding_id=finding.id,
        verdict=judged.verdict,
        previous_verdict=previous,
        comment=judged.comment,
    )
    return findings.get(session, finding_id, allowed)
