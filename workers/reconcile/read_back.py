"""Read archived copies back, a share each night, so that every copy is read within a set number of days.

The hourly comparison of sizes does not detect a bit that flipped in the archive.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.core.errors import UnavailableError
from gateway.db.columns import utc_now
from gateway.db.models import ArchiveObject
from gateway.db.repositories import archived_copies, discrepancies
from gateway.telemetry import get_logger
from workers.reconcile.compare import Mismatch, compare_archived
from workers.running.work import WorkerContext

_log = get_logger()


@dataclass
class ReadBack:
    """Result of one night's reading."""

    read_count: int = 0
    read_bytes: int = 0
    bad_count: int = 0
    trouble: str = ""


def read_back(context: WorkerContext) -> ReadBack:
    """Read tonight's share, least recently read copies first."""
    result = ReadBack()
    for copy in _share(context):
        try:
            mismatches = list(compare_archived(context.files.archive, copy, is_deep=True))
        except UnavailableError as error:
            result.trouble = str(error)
            break
        result.read_count += 1
        result.read_bytes += copy.size_bytes
        result.bad_count += bool(mismatches)
        _store(context, copy, mismatches)
    _log.info("archive.read_back", **vars(result))
    return result


def _share(context: WorkerContext) -> Sequence[ArchiveObject]:
    """Return tonight's copies. Damaged ones are left out: `reconcile` reads them each hour until they are repaired."""
    days = context.settings.archive_read_back_days
    if not days:
        return []
    with context.database.read() as session:
        count = archived_copies.sound_count(session)
        return archived_copies.least_recently_verified(session, math.ceil(count / days))


def _store(context: WorkerContext, copy: ArchiveObject, mismatches: list[Mismatch]) -> None:
    now = utc_now()
    with context.database.write() as session:
        row = session.get(ArchiveObject, copy.id)
        if row is None or row.sha256 != copy.sha256:
            return  # purged or archived again meanwhile
        for mismatch in mismatches:
            _log.error("archive.damaged", recording_id=copy.recording_id, file=copy.name, detail=mismatch.detail)
            discrepancies.note(session, copy.recording_id, mismatch.kind, mismatch.name, mismatch.detail, now)
        if not mismatches:
            row.verified_at = now
            session.add(row)
