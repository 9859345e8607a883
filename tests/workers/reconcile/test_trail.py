"""What was deleted with all its rows is missed: the audit trail has it still."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, col, delete, select, text

from gateway.audit import Actor, AuditTag, record
from gateway.audit.trail import event_hash
from gateway.core.reconcile import DiscrepancyKind
from gateway.core.recording.states import RecordingState
from gateway.db.columns import utc_now
from gateway.db.models import AuditEvent, Discrepancy, Recording
from gateway.db.repositories import recordings
from gateway.settings import get_settings
from tests.parts.program import reelgate
from tests.parts.recordings import halves, place_recording, small_original
from workers import stages as pipeline
from workers.reconcile.work import reconcile
from workers.running.work import WorkerContext

BOTH_DATABASES = pytest.mark.parametrize("settings", ["sqlite", "postgresql"], indirect=True)
# Tables with a recording_id, those that others point to last.
TABLES = ("gaps", "segments", "stages", "recording_keys", "verifications")


@pytest.fixture(autouse=True)
def _environment(context: WorkerContext, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(context.settings.data_dir))
    if context.settings.database_url is not None:
        monkeypatch.setenv("REELGATE_DATABASE_URL", context.settings.database_url.get_secret_value())
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def sealed(context: WorkerContext) -> Recording:
    recording = place_recording(context, halves(small_original(3)))
    assert pipeline.run_next(context, recording.id)
    return recording


def delete_rows(session: Session, recording: Recording) -> None:
    for table in TABLES:
        session.connection().execute(text(f"DELETE FROM {table} WHERE recording_id = :id"), {"id": recording.id})  # noqa: S608
    session.exec(delete(Recording).where(col(Recording.id) == recording.id))


def remove_all(context: WorkerContext, recording: Recording) -> None:
    """Rows and files, as if it had never been."""
    folder = context.files.folder(recording)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    folder.rmdir()
    with context.database.write() as session:
        delete_rows(session, recording)


def forge_purge(context: WorkerContext, subject_id: str | None) -> None:
    """Add an event that this site did not sign, as the database's owner can."""
    with context.database.write() as session:
        last = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(1)).one()
        columns = last.model_dump(exclude={"id"}) | {
            "tag": AuditTag.RECORDING_PURGED.value,
            "subject_id": subject_id,
            "previous_hash": last.hash,
        }
        session.add(AuditEvent(**columns | {"hash": event_hash(columns)}))


def found(context: WorkerContext) -> list[tuple[DiscrepancyKind, str]]:
    with context.database.read() as session:
        rows = session.exec(select(Discrepancy).where(col(Discrepancy.gone_at).is_(None)))
        return [(row.kind, row.name) for row in rows]


@BOTH_DATABASES
def test_a_recording_that_was_deleted_whole_is_missed(context: WorkerContext) -> None:
    whole, gone = sealed(context), sealed(context)
    remove_all(context, gone)
    report = reconcile(context, deep=True)
    assert (report.recording_count, report.trail_recording_count) == (1, 2)
    assert found(context) == [(DiscrepancyKind.RECORDING_MISSING, gone.id)]
    result = reelgate("verify", "--all", "--archive")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == f"{whole.id}  whole"
    assert lines[1].startswith(f"{gone.id}  recording missing: sealed ")
    assert lines[2:] == [
        "1 whole, 0 damaged, 0 unknown",
        "2 recordings in the audit trail, 1 missing or contradicted",
    ]
    assert reelgate("reconcile").exit_code == 1


def test_a_purge_event_that_nobody_signed_explains_nothing(context: WorkerContext) -> None:
    gone = sealed(context)
    remove_all(context, gone)
    forge_purge(context, gone.id)
    reconcile(context)
    assert found(context) == [(DiscrepancyKind.RECORDING_MISSING, gone.id)]


def test_a_purged_recording_is_not_missed(context: WorkerContext) -> None:
    gone = sealed(context)
    with context.database.write() as session:
        record(session, AuditTag.RECORDING_PURGED, Actor("worker"), subject_id=gone.id)
    remove_all(context, gone)
    reconcile(context)
    assert found(context) == []


def test_a_session_that_was_deleted_is_missed(context: WorkerContext) -> None:
    with context.database.write() as session:
        record(session, AuditTag.SESSION_OPENED, Actor("ann"), subject_id="s-1", target="lab")
    reconcile(context)
    assert found(context) == [(DiscrepancyKind.SESSION_MISSING, "s-1")]


@BOTH_DATABASES
@pytest.mark.parametrize("state", [RecordingState.OPEN, RecordingState.PURGED])
def test_a_state_that_hides_a_recording_is_reported_until_it_is_set_right(
    context: WorkerContext, state: RecordingState
) -> None:
    recording = sealed(context)
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        row.state, row.purged_at = state, utc_now()
        session.add(row)
    reconcile(context)
    assert (DiscrepancyKind.STATE_CONTRADICTED, recording.id) in found(context)
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        row.state, row.purged_at = RecordingState.SEALED, None
        session.add(row)
    reconcile(context)
    assert (DiscrepancyKind.STATE_CONTRADICTED, recording.id) not in found(context)


def test_a_purge_event_about_nothing_hides_no_state(context: WorkerContext) -> None:
    """A list with NULL in it excludes everything: NOT IN is never true of it."""
    recording = sealed(context)
    forge_purge(context, None)
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        row.state, row.purged_at = RecordingState.PURGED, utc_now()
        session.add(row)
    reconcile(context)
    assert (DiscrepancyKind.STATE_CONTRADICTED, recording.id) in found(context)


def test_the_folder_of_a_deleted_row_is_reported_as_well(context: WorkerContext, tmp_path: Path) -> None:
    del tmp_path
    gone = sealed(context)
    with context.database.write() as session:
        delete_rows(session, gone)
    reconcile(context)
    assert set(found(context)) == {
        (DiscrepancyKind.RECORDING_MISSING, gone.id),
        (DiscrepancyKind.FOLDER_UNKNOWN, gone.folder),
    }
