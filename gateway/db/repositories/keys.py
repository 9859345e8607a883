"""Queries on the data keys of recordings and on signing keys."""

from collections.abc import Sequence
from typing import Final

from sqlmodel import Session, col, func, select

from gateway.db.models import RecordingKey, SigningKey

_KEPT: Final = col(RecordingKey.destroyed_at).is_(None)


def wrapped_counts(session: Session) -> dict[str, int]:
    """Count the recordings whose data key each master key wraps, by the master key's id."""
    query = select(RecordingKey.master_key_id, func.count()).where(_KEPT).group_by(RecordingKey.master_key_id)
    return dict(session.exec(query).all())


def master_ids_in_use(session: Session) -> set[str]:
    """Return the ids of master keys that wrap a data key."""
    return set(session.exec(select(RecordingKey.master_key_id).where(_KEPT).distinct()))


def wrapped_by_others(session: Session, master_key_id: str, limit: int) -> Sequence[RecordingKey]:
    """Return data keys that other master keys wrap, locked to the end of the transaction."""
    query = select(RecordingKey).where(_KEPT, RecordingKey.master_key_id != master_key_id)
    return session.exec(query.limit(limit).with_for_update()).all()


def signing_keys(session: Session) -> Sequence[SigningKey]:
    """Return all signing keys, retired ones too, oldest first."""
    return session.exec(select(SigningKey).order_by(col(SigningKey.created_at))).all()
