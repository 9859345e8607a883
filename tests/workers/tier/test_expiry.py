"""Hot copies go when their time is over, and only when the archive has everything."""

from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from gateway.core.errors import UnavailableError
from gateway.core.reconcile import DiscrepancyKind
from gateway.core.recording.layout import VIDEO
from gateway.core.recording.states import Tier
from gateway.db.columns import utc_now
from gateway.db.models import Recording
from gateway.db.repositories import recordings
from gateway.storage.local import FolderStore
from tests.parts.recordings import place_sealed, small_original
from workers import stages as pipeline
from workers.reconcile.work import reconcile
from workers.running.work import WorkerContext
from workers.tier import expiry
from workers.tier.expiry import expire_hot_copies, finish_interrupted_expiry, trash_folder


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
    assert not reconcile(context).found


def test_a_hot_copy_stays_when_the_archive_lacks_a_file(context: WorkerContext, archived: Recording) -> None:
    (archive_folder(context, archived) / VIDEO).unlink()
    time_is_over(context, archived)
    assert expire_hot_copies(context) == 0
    assert tier_of(context, archived) is Tier.HOT
    assert context.files.hot_path(archived, VIDEO) is not None
    assert reconcile(context, may_repair=False).found == {DiscrepancyKind.ARCHIVE_MISSING: 1}


def test_those_that_have_to_stay_do_not_keep_the_others(
    context: WorkerContext, archived: Recording, original: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "_BATCH", 1)
    (archive_folder(context, archived) / VIDEO).unlink()
    time_is_over(context, archived)
    assert reconcile(context, may_repair=False).found == {DiscrepancyKind.ARCHIVE_MISSING: 1}
    other = place_sealed(context, [original])
    assert pipeline.run_next(context, other.id)
    time_is_over(context, other)
    assert expire_hot_copies(context) == 1
    assert (tier_of(context, archived), tier_of(context, other)) == (Tier.HOT, Tier.ARCHIVE)


def test_a_hot_copy_stays_when_a_file_was_made_anew_since(context: WorkerContext, archived: Recording) -> None:
    with context.database.write() as session:
        row = next(row for row in recordings.renditions(session, archived.id) if row.name == VIDEO)
        row.sha256 = row.stored_sha256 = "0" * 64
        session.add(row)
    time_is_over(context, archived)
    assert expire_hot_copies(context) == 0
    assert tier_of(context, archived) is Tier.HOT


def test_with_no_hot_days_the_copy_goes_at_once(context: WorkerContext, original: bytes) -> None:
    settings = context.settings.model_copy(update={"hot_days": 0.0})
    now = WorkerContext(settings, context.database, context.files, context.owner)
    recording = place_sealed(now, [original])
    assert pipeline.run_next(now, recording.id)
    assert tier_of(now, recording) is Tier.ARCHIVE
    assert not now.files.folder(recording).exists()
    assert b"".join(now.files.original(recording)) == original


def archived_long_ago(context: WorkerContext, recording: Recording) -> None:
    with context.database.write() as session:
        for row in recordings.archive_objects(session, recording.id):
            row.verified_at -= timedelta(days=30)
            session.add(row)


def test_a_hot_copy_stays_when_the_archive_has_spoilt_a_byte_until_that_is_repaired(
    context: WorkerContext, archived: Recording
) -> None:
    path = archive_folder(context, archived) / VIDEO
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    time_is_over(context, archived)
    archived_long_ago(context, archived)
    for _run in range(2):  # what is known is not read again
        assert expire_hot_copies(context) == 0
    assert tier_of(context, archived) is Tier.HOT
    report = reconcile(context)
    assert (report.found, report.repaired_count) == ({DiscrepancyKind.ARCHIVE_DAMAGED: 1}, 1)
    assert expire_hot_copies(context) == 1


def test_an_archive_that_does_not_answer_is_not_waited_for_again_and_again(
    context: WorkerContext, original: bytes
) -> None:
    placed = [place_sealed(context, [original], video_bytes=256) for _ in range(4)]
    for recording in placed:
        assert pipeline.run_next(context, recording.id)
    for recording in placed:
        time_is_over(context, recording)
    with patch.object(FolderStore, "stat", side_effect=UnavailableError("it does not answer")) as asked:
        assert expire_hot_copies(context) == 0
    assert asked.call_count == 3
    assert expire_hot_copies(context) == 4


def test_what_was_set_aside_by_a_killed_run_comes_back_or_goes_as_its_row_says(
    context: WorkerContext, archived: Recording
) -> None:
    folder = context.files.folder(archived)
    folder.rename(trash_folder(folder))
    unknown = folder.with_name(".expired-nobody-knows-me")
    unknown.mkdir()
    finish_interrupted_expiry(context)
    assert (folder.is_dir(), trash_folder(folder).exists(), unknown.is_dir()) == (True, False, True)
    time_is_over(context, archived)
    assert expire_hot_copies(context) == 1
    trash_folder(folder).mkdir()
    finish_interrupted_expiry(context)
    assert not trash_folder(folder).exists()
