"""Archiving to a real bucket: packed, verified, locked. What an archive that is not well does: tests/faults."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from gateway.core.policy.access import Role
from gateway.core.recording.layout import VIDEO, segment_name
from gateway.core.recording.states import Tier
from gateway.core.work import StageName, WorkState
from gateway.db.columns import utc_now
from gateway.db.models import ArchiveCheck, ArchiveObject, AuditEvent, Hold, Recording, RetentionPolicy, Stage, User
from gateway.db.repositories import recordings, stages
from gateway.storage.packing import ZSTD
from tests.parts.database import upgrade
from tests.parts.fault_proxy import Fault, FaultProxy
from tests.parts.recordings import halves, place_sealed, small_original
from tests.parts.s3 import S3Server
from tests.workers.conftest import make_settings
from workers import stages as pipeline
from workers.running.work import WorkerContext
from workers.tier.expiry import expire_hot_copies

Build = Callable[..., WorkerContext]


@pytest.fixture(scope="module")
def original() -> bytes:
    return small_original(3)


@pytest.fixture(scope="module")
def bucket(s3_server: S3Server) -> str:
    return s3_server.create_bucket(object_lock=True)


@pytest.fixture
def proxy(s3_server: S3Server) -> Iterator[FaultProxy]:
    with FaultProxy(s3_server.url) as proxy:
        yield proxy


@pytest.fixture
def build(tmp_path: Path, s3_server: S3Server, bucket: str, proxy: FaultProxy) -> Iterator[Build]:
    """Makes a context whose archive is the bucket behind the relay."""
    made = []

    def make(**changed: object) -> WorkerContext:
        archive = {
            "s3_endpoint": proxy.url,
            "s3_bucket": bucket,
            "s3_access_key": s3_server.access_key,
            "s3_secret_key": s3_server.secret_key,
            "s3_prefix": f"{tmp_path.name}/",
        }
        settings = make_settings(tmp_path, **{**archive, **changed})
        upgrade(settings.database)
        made.append(WorkerContext.build(settings))
        return made[-1]

    yield make
    for context in made:
        context.database.close()


def tier(context: WorkerContext, recording: Recording) -> Stage:
    with context.database.read() as session:
        return stages.of_recording(session, recording.id)[StageName.TIER]


def run_again(context: WorkerContext, recording: Recording) -> None:
    """Now, and not when its pause is over; what was found out about the archive is looked at anew."""
    with context.database.write() as session:
        stage = stages.of_recording(session, recording.id)[StageName.TIER]
        stage.not_before_at = None
        session.add(stage)
        for row in session.exec(select(ArchiveCheck)).all():
            session.delete(row)
    pipeline.run_next(context, recording.id)


def objects(context: WorkerContext, recording: Recording) -> dict[str, ArchiveObject]:
    with context.database.read() as session:
        return {row.name: row for row in recordings.archive_objects(session, recording.id)}


def test_originals_are_archived_compressed_and_read_from_there(build: Build, original: bytes) -> None:
    context = build()
    recording = place_sealed(context, halves(original))
    assert pipeline.run_next(context, recording.id)
    found = objects(context, recording)
    first, video = found[segment_name(0, "guac")], found[VIDEO]
    assert (first.encoding, video.encoding) == (ZSTD, "")
    assert first.content_bytes is not None
    assert first.size_bytes < 0.7 * first.content_bytes
    assert not (context.files.folder(recording) / ".outgoing").exists()
    shutil.rmtree(context.files.folder(recording))
    assert b"".join(context.files.original(recording)) == original
    middle = len(original) // 2
    assert b"".join(context.files.original(recording, middle - 100, 333)) == original[middle - 100 : middle + 233]
    assert context.files.size(recording, segment_name(0, "guac")) == first.content_bytes


@pytest.mark.parametrize("level", [0, 3])
def test_what_compression_does_not_make_smaller_goes_as_it_is(build: Build, level: int) -> None:
    context = build(archive_compression_level=level)
    random = b"4.blob,1.0,12.AAAAAAAAAAAA;"
    recording = place_sealed(context, [random])
    assert pipeline.run_next(context, recording.id)
    shutil.rmtree(context.files.folder(recording))
    assert b"".join(context.files.original(recording)) == random


def test_nothing_is_archived_to_a_bucket_with_unmet_requirements(
    build: Build, s3_server: S3Server, proxy: FaultProxy, original: bytes
) -> None:
    bare = s3_server.create_bucket(versioned=False)
    context = build(s3_bucket=bare)
    recording = place_sealed(context, [original])
    assert not pipeline.run_next(context, recording.id)
    error = tier(context, recording).error
    assert error is not None
    assert "archiving to s3://" in error
    assert "versioning" in error
    assert proxy.sent("PUT", "recordings/") == 0
    s3_server.client().put_bucket_versioning(Bucket=bare, VersioningConfiguration={"Status": "Enabled"})
    run_again(context, recording)
    assert tier(context, recording).state is WorkState.DONE


def demand_lock(context: WorkerContext, days: float = 40) -> None:
    with context.database.write() as session:
        policy = session.exec(select(RetentionPolicy).where(col(RetentionPolicy.id) == "default")).one()
        policy.object_lock, policy.retain_for_days = True, days
        session.add(policy)


def test_a_policy_with_locks_locks_every_object(
    build: Build, s3_server: S3Server, bucket: str, original: bytes
) -> None:
    context = build()
    demand_lock(context)
    recording = place_sealed(context, halves(original))
    assert pipeline.run_next(context, recording.id)
    for row in objects(context, recording).values():
        kept = s3_server.client().get_object_retention(Bucket=bucket, Key=row.key, VersionId=row.version_id or "")
        assert kept["Retention"]["Mode"] == "COMPLIANCE"
        assert kept["Retention"]["RetainUntilDate"].astimezone(UTC) == row.locked_until_at
        assert row.locked_until_at is not None
        assert row.locked_until_at > datetime.now(UTC) + timedelta(days=39)


def test_a_policy_with_locks_and_a_bucket_without_is_refused(
    build: Build, s3_server: S3Server, original: bytes
) -> None:
    context = build(s3_bucket=s3_server.create_bucket())
    demand_lock(context)
    recording = place_sealed(context, [original])
    assert not pipeline.run_next(context, recording.id)
    assert 'which the retention policy "Default" requires' in (tier(context, recording).error or "")


def test_a_lock_that_was_lost_with_the_worker_is_set_by_the_next_run(
    build: Build, proxy: FaultProxy, original: bytes
) -> None:
    context = build()
    demand_lock(context)
    recording = place_sealed(context, [original])
    proxy.fault = Fault(lambda method, path: method == "PUT" and "retention" in path, drop=True)
    assert not pipeline.run_next(context, recording.id)
    assert objects(context, recording) == {}, "an object counts only when it is locked"
    proxy.heal()
    run_again(context, recording)
    found = objects(context, recording)
    assert len(found) == 3
    assert all(row.locked_until_at for row in found.values())


def test_what_is_held_is_on_legal_hold_from_its_archiving(
    build: Build, s3_server: S3Server, bucket: str, original: bytes
) -> None:
    context = build()
    recording = place_sealed(context, [original])
    with context.database.write() as session:
        owner = User(username="c", display_name="c", role=Role.COMPLIANCE, password_hash="")
        session.add(owner)
        session.flush()
        session.add(Hold(recording_id=recording.id, reason="a case", owner_id=owner.id, owner_name="c"))
    assert pipeline.run_next(context, recording.id)
    for row in objects(context, recording).values():
        assert row.legal_hold
        hold = s3_server.client().get_object_legal_hold(Bucket=bucket, Key=row.key, VersionId=row.version_id or "")
        assert hold["LegalHold"]["Status"] == "ON"


def test_archiving_again_keeps_every_row(build: Build, proxy: FaultProxy, original: bytes) -> None:
    context = build()
    recording = place_sealed(context, halves(original))
    assert pipeline.run_next(context, recording.id)
    before = objects(context, recording)
    with context.database.write() as session:
        stage = stages.of_recording(session, recording.id)[StageName.TIER]
        stage.state = WorkState.PENDING
        session.add(stage)
    proxy.requests.clear()
    assert pipeline.run_next(context, recording.id)
    after = objects(context, recording)
    assert {name: row.sha256 for name, row in after.items()} == {name: row.sha256 for name, row in before.items()}
    assert proxy.sent("PUT", "recordings/") == 0


def test_an_expired_hot_copy_is_in_the_trail(build: Build, original: bytes) -> None:
    context = build()
    recording = place_sealed(context, [original])
    assert pipeline.run_next(context, recording.id)
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        row.hot_until_at = utc_now()
        session.add(row)
    assert expire_hot_copies(context) == 1
    with context.database.read() as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.tag == "worker:hot_copy:expired")).one()
        assert recordings.get(session, recording.id).tier is Tier.ARCHIVE
    assert (event.subject_id, event.actor_name) == (recording.id, "worker")
