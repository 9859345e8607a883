"""Reconcile all recordings: compare rows, hot files and the archive; repair from a good copy, or report.

A discrepancy is a row in `discrepancies` until it is repaired or no longer found.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.core.errors import ConflictError, DamagedError, NotFoundError, UnavailableError
from gateway.core.reconcile import BY_TRAIL, DAMAGED, DiscrepancyKind
from gateway.core.recording.states import RecordingState
from gateway.db.columns import utc_now
from gateway.db.repositories import discrepancies, recordings, stored
from gateway.db.repositories.stored import Claims
from gateway.evidence.missing import compare_with_trail
from gateway.telemetry import get_logger
from workers.reconcile.compare import Comparison, Look, Mismatch, compare
from workers.reconcile.repair import REPAIRABLE, NoGoodCopyError, note_failure, repair, settle
from workers.running.work import Progress, WorkerContext

_EXAMINED: Final = (RecordingState.SEALED, RecordingState.ARCHIVED, RecordingState.PURGED)
_log = get_logger()


@dataclass
class Report:
    """Result of one run. `moving_count`: recordings that were being processed and were therefore skipped."""

    is_deep: bool
    recording_count: int = 0
    trail_recording_count: int = 0
    moving_count: int = 0
    found: Counter[DiscrepancyKind] = field(default_factory=Counter)
    repaired_count: int = 0
    archive_trouble: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return values for the task's result."""
        return {
            "deep": self.is_deep,
            "recording_count": self.recording_count,
            "trail_recording_count": self.trail_recording_count,
            "moving_count": self.moving_count,
            "found": {kind.value: self.found[kind] for kind in DiscrepancyKind},
            "found_count": self.found.total(),
            "repaired_count": self.repaired_count,
            "archive_trouble": self.archive_trouble,
        }


def reconcile(
    context: WorkerContext,
    *,
    deep: bool = False,
    may_repair: bool = True,
    progress: Progress | Callable[[float], None] = lambda _share: None,
) -> Report:
    """Check every recording, every folder, and everything in the audit trail."""
    report = Report(deep)
    with context.database.read() as session:
        ids = recordings.ids_in_states(session, _EXAMINED)
    for number, recording_id in enumerate(ids):
        progress(number / len(ids))
        _recording(context, recording_id, report, may_repair=may_repair)
    _folders(context, report)
    _trail(context, report)
    _log.info("recordings.reconciled", **{key: value for key, value in report.to_json().items() if key != "found"})
    return report


def _recording(context: WorkerContext, recording_id: str, report: Report, *, may_repair: bool) -> None:
    try:
        claims, comparison = _looked_at(context, recording_id, report)
    except NotFoundError:
        return  # removed since the list was made
    report.recording_count += 1
    if comparison is None:
        report.moving_count += 1
        return
    if comparison.archive_trouble:
        _log.warning("archive.not_compared", recording_id=recording_id, reason=comparison.archive_trouble)
        report.archive_trouble = comparison.archive_trouble
    _keep(context, recording_id, comparison)
    for mismatch in comparison.mismatches:
        report.found[mismatch.kind] += 1
        report.repaired_count += may_repair and mismatch.kind in REPAIRABLE and _repaired(context, claims, mismatch)


def _looked_at(context: WorkerContext, recording_id: str, report: Report) -> tuple[Claims, Comparison | None]:
    """Return the discrepancies; None if rows changed in between, so that they may reflect half of a change."""
    with context.database.read() as session:
        claims = stored.claims(session, recording_id)
        known = discrepancies.open_of(session, recording_id)
    suspects = {name for kind, name in known if kind in DAMAGED}
    archive = None if report.archive_trouble else context.files.archive
    if not claims.is_at_rest:
        return claims, None
    comparison = compare(context, claims, Look(report.is_deep, suspects, archive))
    with context.database.read() as session:
        moved = bool(comparison.mismatches) and not stored.claims(session, recording_id).same(claims)
    return claims, None if moved else comparison


def _keep(context: WorkerContext, recording_id: str, comparison: Comparison) -> None:
    with context.database.read() as session:
        if not comparison.mismatches and not discrepancies.open_of(session, recording_id):
            return  # the usual case needs no write transaction
    now = utc_now()
    with context.database.write() as session:
        for mismatch in comparison.mismatches:
            discrepancies.note(session, recording_id, mismatch.kind, mismatch.name, mismatch.detail, now)
        still = {mismatch.key for mismatch in comparison.mismatches}
        for kind, name in discrepancies.open_of(session, recording_id).keys() - still:
            if kind in comparison.looked_for:
                settle(session, recording_id, kind, name)
        discrepancies.close_others(session, recording_id, still, comparison.looked_for, now)


def _repaired(context: WorkerContext, claims: Claims, mismatch: Mismatch) -> bool:
    log = _log.bind(recording_id=claims.recording.id, discrepancy=mismatch.kind, name=mismatch.name)
    try:
        repair(context, claims, mismatch)
    except (NoGoodCopyError, ConflictError, DamagedError, UnavailableError, OSError) as error:
        reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        log.warning("discrepancy.not_repaired", reason=reason, detail=mismatch.detail)
        _say_why(context, claims, mismatch, reason)
        return False
    log.warning("discrepancy.repaired", detail=mismatch.detail)
    return True


def _say_why(context: WorkerContext, claims: Claims, mismatch: Mismatch, reason: str) -> None:
    with context.database.write() as session:
        note_failure(session, claims.recording.id, mismatch, reason)
        detail = f"{mismatch.detail}; not repaired: {reason}"
        discrepancies.note(session, claims.recording.id, mismatch.kind, mismatch.name, detail, utc_now())


def _folders(context: WorkerContext, report: Report) -> None:
    """Report folders on disk that no row names; they are not touched."""
    with context.database.read() as session:
        known = recordings.folders(session)
    now = utc_now()
    unknown = {(DiscrepancyKind.FOLDER_UNKNOWN, folder) for folder in _on_disk(context) if folder not in known}
    report.found.update(kind for kind, _folder in unknown)
    with context.database.write() as session:
        for kind, folder in sorted(unknown):
            _log.warning("folder.not_recognised", folder=folder)
            discrepancies.note(session, None, kind, folder, "no recording has this folder", now)
        discrepancies.close_others(session, None, unknown, {DiscrepancyKind.FOLDER_UNKNOWN}, now)


def _trail(context: WorkerContext, report: Report) -> None:
    """Report recordings and sessions in the audit trail without a row, and states that contradict the trail."""
    with context.database.read() as session:
        compared = compare_with_trail(session)
        open_before = discrepancies.open_of_kinds(session, BY_TRAIL)
    report.trail_recording_count = compared.recording_count
    report.found.update(missing.kind for missing in compared.missing)
    for missing in compared.missing:
        _log.error("audit_trail.contradicted", discrepancy=missing.kind, name=missing.name, detail=missing.detail)
    if not compared.missing and not open_before:
        return
    now = utc_now()
    with context.database.write() as session:
        for missing in compared.missing:
            discrepancies.note(session, missing.recording_id, missing.kind, missing.name, missing.detail, now)
        still = {(missing.recording_id, missing.kind, missing.name) for missing in compared.missing}
        for row in discrepancies.open_of_kinds(session, BY_TRAIL):
            if (row.recording_id, row.kind, row.name) not in still:
                row.gone_at = now
                session.add(row)


def _on_disk(context: WorkerContext) -> Iterator[str]:
    """Return folders of recordings, relative to the data folder (year, month, day, id)."""
    root = context.settings.data_dir
    for path in root.glob("recordings/*/*/*/*"):
        if path.is_dir():
            yield path.relative_to(root).as_posix()
