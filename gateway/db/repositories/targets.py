"""Queries on targets and their credentials."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from gateway.db.models import Credential, Target


def all_with_credentials(session: Session) -> Sequence[tuple[Target, Credential | None]]:
    """Return all targets that were not removed, by name, each with its credential."""
    query = (
        select(Target, Credential)
        .join(Credential, col(Credential.target_id) == col(Target.id), isouter=True)
        .where(col(Target.removed_at).is_(None))
        .order_by(Target.name)
    )
    return [(target, credential) for target, credential in session.exec(query)]


def find(session: Session, target_id: str) -> Target | None:
    """Return the target of that id, unless it was removed."""
    target = session.get(Target, target_id)
    return target if target is not None and target.removed_at is None else None


def still_there(session: Session, target_id: str) -> bool:
    """Whether the target has not been removed; it stays so to the end of the transaction."""
    query = select(Target.id).where(Target.id == target_id, col(Target.removed_at).is_(None))
    return session.exec(query.with_for_update(read=True)).first() is not None


def by_name(session: Session, name: str) -> Target | None:
    """Return the target of that name, even if it was removed."""
    return session.exec(select(Target).where(Target.name == name)).first()


def credential_of(session: Session, target_id: str) -> Credential | None:
    """Return the target's credential, None if it has none."""
    return session.exec(select(Credential).where(Credential.target_id == target_id)).first()


def any_encrypted_secret(session: Session) -> str | None:
    """Return one stored secret, as encrypted; None if there are no credentials."""
    return session.exec(select(Credential.encrypted_secret).limit(1)).first()
