"""One look at all recordings: rows against hot files against the archive. Reports; repairs nothing.

Called by the timer job `recordings.reconcile`. Sizes are compared and not digests: this runs every hour, and reading
everything back is a verification a person asks for.
"""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

from gateway.core.errors import UnavailableError
from gateway.core.recording.layout import MANIFEST
from gateway.core.recording.states import RecordingState, Tier
from gateway.db.models import Recording
from gateway.db.repositories import recordings
from gateway.storage.moves import is_present
from gateway.telemetry import get_logger
from workers.tier.files import files_of
from workers.work import WorkerContext

_log = get_logger()


class Discrepancy(StrEnum):
    """What can be wrong between rows and bytes."""

    HOT_MISSING = "hot_missing"
    HOT_SIZE = "hot_size"
    ARCHIVE_MISSING = "archive_missing"
    FOLDER_UNKNOWN = "folder_unknown"


def reconcile(context: WorkerContext) -> Counter[Discrepancy]:
    """Count what does not fit; each case is logged by itself, the counts at the end."""
    with context.database.read() as session:
        rows = recordings.in_states(session, [RecordingState.SEALED, RecordingState.ARCHIVED])
        known = recordings.folders(session)
    found: Counter[Discrepancy] = Counter()
    for row in rows:
        for discrepancy, name in _compare(context, row):
            _log.error("recording.discrepant", recording_id=row.id, discrepancy=discrepancy, name=name)
            found[discrepancy] += 1
    for folder in _folders(context):
        if folder not in known:
            _log.warning("folder.unknown", folder=folder)
            found[Discrepancy.FOLDER_UNKNOWN] += 1
    _log.info("recordings.reconciled", recording_count=len(rows), **{kind.value: found[kind] for kind in Discrepancy})
    return found


def _compare(context: WorkerContext, row: Recording) -> Iterator[tuple[Discrepancy, str]]:
    with context.database.read() as session:
        files = [file.kept for file in files_of(session, row.id)]
        archived = recordings.archive_objects(session, row.id)
    if row.tier is Tier.HOT:
        for file in files:
            path = context.files.hot_path(row, file.name)
            if path is None:
                yield Discrepancy.HOT_MISSING, file.name
            elif path.stat().st_size != file.size_bytes:
                yield Discrepancy.HOT_SIZE, file.name
        if context.files.hot_path(row, MANIFEST) is None:
            yield Discrepancy.HOT_MISSING, MANIFEST
    try:
        for stored in archived:
            if not is_present(context.files.archive, stored.key, stored.version_id, stored.size_bytes):
                yield Discrepancy.ARCHIVE_MISSING, stored.name
    except UnavailableError as error:
        _log.warning("archive.not_compared", recording_id=row.id, reason=str(error))


def _folders(context: WorkerContext) -> Iterator[str]:
    """Folders of recordings that are on disk, relative to the data folder (year, month, day, id)."""
    root = context.settings.data_dir
    for path in sorted(root.glob("recordings/*/*/*/*")):
        if path.is_dir():
            yield path.relative_to(root).as_posix()
