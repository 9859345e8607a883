"""kill -9 of a worker at every step of archiving to a bucket and of restoring: nothing is lost, nothing done twice."""

import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from gateway.audit import Actor
from gateway.core.recording.states import Tier
from gateway.core.work import StageName, WorkState
from gateway.db.columns import utc_now
from gateway.db.models import AuditEvent, Recording, RetentionPolicy
from gateway.db.repositories import recordings, stages, tasks
from gateway.settings import Settings
from gateway.storage.local import read_range, sha256_of
from gateway.work.restoring import request_restore
from tests.faults import dying_task
from tests.faults.aftermath import check_aftermath, check_kept
from tests.faults.dying import exit_code
from tests.faults.dying_task import AnyTask, OfRestore
from tests.faults.dying_worker import Moment, OfTier, advance, expire
from tests.parts.database import upgrade
from tests.parts.long import rest_later
from tests.parts.recordings import halves, ignore_job, place_sealed, small_original
from tests.parts.s3 import S3Server
from workers import stages as pipeline
from workers.running.work import WorkerContext
from workers.tier.expiry import expire_hot_copies, finish_interrupted_expiry

PART_BYTES = 5 * 2**20


@pytest.fixture(scope="module")
def bucket(s3_server: S3Server) -> str:
    return s3_server.create_bucket(object_lock=True)


@pytest.fixture
def context(tmp_path: Path, s3_server: S3Server, bucket: str) -> Iterator[WorkerContext]:
    given = s3_server.settings(bucket, prefix=f"{tmp_path.name}/")
    values = {name.removeprefix("REELGATE_").lower(): value for name, value in given.items()}
    settings = Settings.model_validate({**values, "data_dir": tmp_path, "s3_part_bytes": PART_BYTES})
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    with context.database.write() as session:
        policy = session.exec(select(RetentionPolicy).where(col(RetentionPolicy.id) == "default")).one()
        policy.object_lock = True
        session.add(policy)
    yield context
    context.database.close()


def hot_files(context: WorkerContext, recording: Recording) -> dict[str, str]:
    folder = context.files.folder(recording)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256_of(read_range(path))[0] for path in paths}


ARCHIVING = [*Moment, OfTier.PACKED, OfTier.PART, OfTier.COPIED, OfTier.SECURED, OfTier.ROWED]


@pytest.mark.parametrize("moment", rest_later(ARCHIVING, {OfTier.PART, OfTier.COPIED, OfTier.ROWED, Moment.PUBLISHED}))
def test_a_worker_killed_while_it_archives_is_gone_on_with(moment: Moment | OfTier, context: WorkerContext) -> None:
    original = small_original(3)
    video_bytes = 2 * PART_BYTES + 1024 if moment is OfTier.PART else 1024
    recording = place_sealed(context, halves(original), video_bytes=video_bytes)
    before = hot_files(context, recording)
    assert exit_code(advance, context.settings, recording.id, StageName.TIER, moment) == -signal.SIGKILL
    check_kept(context, recording)
    end_leases(context, recording)
    assert exit_code(advance, context.settings, recording.id) == 0
    with context.database.read() as session:
        assert stages.of_recording(session, recording.id)[StageName.TIER].state is WorkState.DONE
        rows = recordings.archive_objects(session, recording.id)
    assert hot_files(context, recording) == before, "nothing is left over, nothing gone"
    for row in rows:
        kept = context.files.archive.open_range(row.key, version_id=row.version_id)
        assert sha256_of(kept) == (row.sha256, row.size_bytes)
        assert row.locked_until_at is not None
    stored = list(context.files.archive.versions(rows[0].key.removesuffix(rows[0].name)))
    assert len(stored) == len(rows), "nothing was uploaded twice"
    assert context.files.archive.abort_uploads(utc_now() + timedelta(minutes=1)) == 0
    check_aftermath(context, recording)


def end_leases(context: WorkerContext, recording: Recording) -> None:
    with context.database.write() as session:
        for row in stages.of_recording(session, recording.id).values():
            if row.lease_until_at is not None:
                row.lease_until_at = utc_now() - timedelta(seconds=1)
                session.add(row)


def archived(context: WorkerContext) -> Recording:
    """Archived, its hot copy due to go."""
    recording = place_sealed(context, halves(small_original(3)))
    assert pipeline.run_next(context, recording.id)
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        row.hot_until_at = utc_now()
        session.add(row)
    return row


@pytest.mark.parametrize("moment", [OfTier.ASIDE, OfTier.EXPIRED])
def test_a_worker_killed_while_it_removes_a_hot_copy_is_gone_on_with(moment: OfTier, context: WorkerContext) -> None:
    recording = archived(context)
    before = hot_files(context, recording)
    assert exit_code(expire, context.settings, moment) == -signal.SIGKILL
    check_kept(context, recording)
    finish_interrupted_expiry(context)
    assert hot_files(context, recording) == (before if moment is OfTier.ASIDE else {})
    check_aftermath(context, recording)
    assert expire_hot_copies(context) == (moment is OfTier.ASIDE)
    check_aftermath(context, recording)
    assert not list(context.files.folder(recording).parent.iterdir()), "nothing is left on hot disk"


@pytest.mark.parametrize("moment", rest_later([*AnyTask, *OfRestore], {*OfRestore, AnyTask.PUBLISHED}))
def test_a_worker_killed_while_it_restores_is_gone_on_with(moment: AnyTask | OfRestore, context: WorkerContext) -> None:
    recording = archived(context)
    before = hot_files(context, recording)
    assert expire_hot_copies(context) == 1
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        task = request_restore(session, row, 2, Actor("carla"), ignore_job)
    assert exit_code(dying_task.run, context.settings, task.id, moment) == -signal.SIGKILL
    with context.database.write() as session:
        taken = tasks.get(session, task.id)
        taken.lease_until_at = utc_now() - timedelta(seconds=1)
        session.add(taken)
        assert recordings.get(session, recording.id).tier is Tier.ARCHIVE
    check_kept(context, recording)
    assert exit_code(dying_task.run, context.settings, task.id) == 0
    assert hot_files(context, recording) == before
    with context.database.read() as session:
        assert recordings.get(session, recording.id).tier is Tier.HOT
        tags = session.exec(select(AuditEvent.tag).where(AuditEvent.subject_id == recording.id)).all()
    assert tags.count("worker:recording:restored") == tags.count("worker:hot_copy:expired") == 1
    check_aftermath(context, recording)
