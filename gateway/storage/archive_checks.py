"""Check whether the archive may be trusted with evidence, store the result, and consult it before archiving.

The worker checks at start and on a timer; the tier stage and `reelgate archive check` check too, and the System page
and the metrics read the row. Live sessions never come here: without a usable archive, recordings wait on hot disk.
"""

from datetime import timedelta
from typing import Final

from sqlmodel import Session

from gateway.core.errors import ReelgateError, UnavailableError
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import ArchiveCheck
from gateway.db.repositories import retention
from gateway.settings import Settings
from gateway.storage.stores import Required, Requirement, RequirementState, Store
from gateway.telemetry import get_logger

# A check takes a dozen requests. A good result is reused for a while; a bad one is checked again as soon as a waiting
# recording is retried.
_TRUSTED_FOR: Final = timedelta(minutes=15)
_REFUSED_FOR: Final = timedelta(seconds=30)
# Parts of an upload without progress for this long only cost money; the upload starts over.
_UPLOAD_LIFE: Final = timedelta(days=2)

_log = get_logger()


def ensure_usable(settings: Settings, database: Database, store: Store) -> None:
    """Raise UnavailableError, with the reason, while the archive does not meet its requirements."""
    with database.read() as session:
        row = latest(session, store)
        required = _required(session, settings)
    if row is None or not _holds(row, required):
        row = check_archive(settings, database, store)
    if not row.is_usable:
        raise UnavailableError(f"archiving to {store.place} is paused: {row.reason}")


def check_archive(settings: Settings, database: Database, store: Store) -> ArchiveCheck:
    """Check the archive now and store the result."""
    with database.read() as session:
        required = _required(session, settings)
    found = store.check(required)
    unmet = [check.detail for check in found if check.state is RequirementState.UNMET]
    row = ArchiveCheck(
        place=store.place,
        checked_at=utc_now(),
        is_usable=not unmet,
        reason="; ".join(unmet),
        requirements=[check._asdict() for check in found],
    )
    with database.write() as session:
        row = session.merge(row)
    if unmet:
        _log.error("archive.refused", place=store.place, reason=row.reason)
        return row
    _log.info("archive.checked", place=store.place)
    _end_stale_uploads(store)
    return row


def latest(session: Session, store: Store) -> ArchiveCheck | None:
    """Return the last result for the archive in use; None before the first check."""
    return session.get(ArchiveCheck, store.place)


def _end_stale_uploads(store: Store) -> None:
    try:
        count = store.abort_uploads(utc_now() - _UPLOAD_LIFE)
    except ReelgateError as error:  # only a cleanup: the access key need not be allowed to list uploads
        _log.warning("uploads.not_ended", place=store.place, reason=str(error))
        return
    if count:
        _log.info("uploads.ended", place=store.place, count=count)


def _holds(row: ArchiveCheck, required: Required) -> bool:
    """Whether the row is still valid: it is recent, and no requirement was added since."""
    if utc_now() - row.checked_at > (_TRUSTED_FOR if row.is_usable else _REFUSED_FOR):
        return False
    states = {requirement["requirement"]: requirement["state"] for requirement in row.requirements}
    return required.object_lock is None or states.get(Requirement.OBJECT_LOCK) != RequirementState.NOT_REQUIRED


def _required(session: Session, settings: Settings) -> Required:
    if settings.s3_require_object_lock:
        return Required(settings.s3_require_versioning, "the setting s3_require_object_lock")
    name = retention.first_with_object_lock(session)
    return Required(settings.s3_require_versioning, None if name is None else f'the retention policy "{name}"')
