"""Queries on verifications."""

from sqlmodel import Session, col, select

from gateway.db.models import Verification


def newest(session: Session, recording_id: str, limit: int) -> list[Verification]:
    """Return the results of verifying a recording, newest first."""
    query = select(Verification).where(Verification.recording_id == recording_id)
    return list(session.exec(query.order_by(col(Verification.at).desc(), col(Verification.id)).limit(limit)))
