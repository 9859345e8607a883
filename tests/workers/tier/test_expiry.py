"""Hot copies go when their time is over, and only when the archive has everything."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.core.recording.layout import VIDEO, segment_name
from gateway.core.recording.states import Tier
from gateway.db.columns import utc_now
from gateway.db.models import Recording
from gateway.db.repositories import recordings
from tests.parts.recordings import place_sealed, small_original
from workers import pipeline
from workers.reconcile.work import Discrepancy, reconcile
from workers.tier.expiry import expire_hot_copies
from workers.work import WorkerContext


@pytest.fixture(scope="module")
def original() -> bytes:
    return small_original(3)


@pytest.fixture
def archived(context: WorkerContext, original: bytes) -> Recording:
    recording = place_sealed(context, [original])
    assert pipeline.run_next(context, recording.id)
    return recording


def time_is_over(context: WorkerContext, recording: Recording) -> None:
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        row.hot_until_at = utc_now() - timedelta(seconds=1)
        session.add(row)


def tier_of(context: WorkerContext, recording: Recording) -> Tier:
    with context.database.read() as session:
        return recordings.get(session, recording.id).tier


def archive_folder(context: WorkerContext, recording: Recording) -> Path:
    return context.settings.archive_dir / recording.folder


def test_a_hot_copy_stays_for_its_time_and_is_then_read_from_the_archive(
    context: WorkerContext, archived: Recording, original: bytes
) -> None:
    assert expire_hot_copies(context) == 0
    time_is_over(context, archived)
    assert expire_hot_copies(context) == 1
    assert tier_of(context, archived) is Tier.ARCHIVE
    assert not context.files.folder(archived).exists()
    assert b"".join(context.files.original(archived)) == original
    with context.files.seekable(archived, VIDEO) as video:
        video.seek(4)
        assert video.read(4) == bytes((4, 5, 6, 7))
    assert reconcile(context) == {}


def test_a_hot_copy_stays_when_the_archive_lacks_a_file(context: WorkerContext, archived: Recording) -> None:
    (archive_folder(context, archived) / VIDEO).unlink()
    time_is_over(context, archived)
    assert expire_hot_copies(context) == 0
    assert tier_of(context, archived) is Tier.HOT
    assert context.files.hot_path(archived, VIDEO) is not None
    assert reconcile(context) == {Discrepancy.ARCHIVE_MISSING: 1}


def test_a_hot_copy_stays_when_a_file_was_made_anew_since(context: WorkerContext, archived: Recording) -> None:
    with context.database.write() as session:
        row = next(row for row in recordings.renditions(session, archived.id) if row.name == VIDEO)
        row.sha256 = row.stored_sha256 = "0" * 64
        session.add(row)
    time_is_over(context, archived)
    assert expire_hot_copies(context) == 0
    assert tier_of(context, archived) is Tier.HOT


def test_rows_without_bytes_and_bytes_without_rows_are_reported(context: WorkerContext, archived: Recording) -> None:
    folder = context.files.folder(archived)
    (folder / segment_name(0)).unlink()
    (folder / VIDEO).write_bytes(b"short")
    shutil.copytree(folder, folder.with_name("nobody-knows-me"))
    assert reconcile(context) == {
        Discrepancy.HOT_MISSING: 1,
        Discrepancy.HOT_SIZE: 1,
        Discrepancy.FOLDER_UNKNOWN: 1,
    }


def test_with_no_hot_days_the_copy_goes_at_once(context: WorkerContext, original: bytes) -> None:
    settings = context.settings.model_copy(update={"hot_days": 0.0})
    now = WorkerContext(settings, context.database, context.files, context.owner)
    recording = place_sealed(now, [original])
    assert pipeline.run_next(now, recording.id)
    assert tier_of(now, recording) is Tier.ARCHIVE
    assert not now.files.folder(recording).exists()
    assert b"".join(now.files.original(recording)) == original
