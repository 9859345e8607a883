"""Holds and purges on a real S3-compatible server: legal holds, locks, older versions, and a server that goes away."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from gateway.audit import Actor
from gateway.core.errors import ConflictError
from gateway.core.policy.retention import PurgeState
from gateway.core.recording.layout import VIDEO
from gateway.core.recording.states import RecordingState
from gateway.core.work import WorkState
from gateway.db.columns import utc_now
from gateway.db.models import Recording
from gateway.db.repositories import holds, purges, recordings
from gateway.retention import holding
from gateway.settings import Settings
from tests.faults.aftermath import check_aftermath
from tests.parts.database import upgrade
from tests.parts.recordings import ignore_job
from tests.parts.retention import (
    VIDEO_BYTES,
    add_user,
    archived_recording,
    mark,
    purge_of,
    read,
    run_due_task,
    task_of,
)
from tests.parts.running import wait_until
from tests.parts.s3 import S3Server
from workers.purge import task
from workers.purge.due import advance_purges
from workers.purge.legal_holds import apply_holds
from workers.running.work import WorkerContext

# Short, so that the test can wait for its end; the server counts in seconds.
LOCK = timedelta(seconds=5)


@pytest.fixture
def bucket(s3_server: S3Server) -> str:
    return s3_server.create_bucket(object_lock=True)


@pytest.fixture
def context(tmp_path: Path, s3_server: S3Server, bucket: str) -> Iterator[WorkerContext]:
    values = {name.removeprefix("REELGATE_").lower(): value for name, value in s3_server.settings(bucket, "r/").items()}
    settings = Settings.model_validate({"data_dir": tmp_path, **values})
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    yield context
    context.database.close()


@pytest.fixture
def recording(context: WorkerContext) -> Recording:
    return archived_recording(context)


@pytest.fixture
def cora(context: WorkerContext) -> Actor:
    return add_user(context.database)


def versions(server: S3Server, bucket: str) -> list[tuple[str, str]]:
    answer = server.client().list_object_versions(Bucket=bucket)
    return [(row["Key"], row["VersionId"]) for row in answer.get("Versions", [])]


def are_held(server: S3Server, bucket: str, recording: Recording, context: WorkerContext) -> set[str]:
    """The legal holds of its archived objects, as the server has them."""
    with context.database.read() as session:
        found = recordings.archive_objects(session, recording.id)
    assert found
    return {
        server.client()
        .get_object_legal_hold(Bucket=bucket, Key=row.key, VersionId=row.version_id or "")["LegalHold"]
        .get("Status", "")
        for row in found
    }


def make_due(context: WorkerContext, recording: Recording) -> None:
    with context.database.write() as session:
        purge = purges.under_way(session, recording.id)
        assert purge is not None
        purge.due_at = utc_now() - timedelta(seconds=1)
        session.add(purge)


def test_a_hold_sets_the_legal_hold_and_its_release_clears_it(
    context: WorkerContext, recording: Recording, cora: Actor, s3_server: S3Server, bucket: str
) -> None:
    with context.database.write() as session:
        [hold] = holding.place(session, [recording.id], "lawsuit", "C-17", cora, ignore_job)
    assert apply_holds(context) > 0
    assert apply_holds(context) == 0, "it is as it should be"
    assert are_held(s3_server, bucket, recording, context) == {"ON"}
    with context.database.write() as session:
        holding.release(session, hold.id, "settled", cora, ignore_job)
        assert not holds.active(session, recording.id)
    with pytest.raises(ConflictError, match="still have a legal hold"):
        mark(context, recording, cora)
    assert apply_holds(context) > 0
    assert are_held(s3_server, bucket, recording, context) == {"OFF"}


def test_an_older_version_that_is_locked_makes_it_wait_and_goes_with_the_rest(
    context: WorkerContext, recording: Recording, cora: Actor, s3_server: S3Server, bucket: str
) -> None:
    with context.database.read() as session:
        video = recordings.archive_object(session, recording.id, VIDEO)
    assert video is not None
    client = s3_server.client()
    older = client.put_object(Bucket=bucket, Key=video.key, Body=b"of an earlier rendering")["VersionId"]
    until = datetime.now(UTC) + LOCK
    client.put_object_retention(
        Bucket=bucket,
        Key=video.key,
        VersionId=older,
        Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until},
    )
    before = versions(s3_server, bucket)
    mark(context, recording, cora)
    advance_purges(context, ignore_job)
    assert not run_due_task(context, recording)
    waiting = purge_of(context, recording)
    assert waiting is not None
    assert waiting.state is PurgeState.MARKED
    assert "locked in the archive until" in waiting.waiting_for
    assert versions(s3_server, bucket) == before, "nothing was touched"
    assert read(context, recording).state is RecordingState.ARCHIVED
    wait_until(lambda: datetime.now(UTC) > until + timedelta(seconds=1), "the lock's end")
    make_due(context, recording)
    advance_purges(context, ignore_job)
    assert run_due_task(context, recording)
    assert versions(s3_server, bucket) == []


def test_an_archive_that_goes_away_delays_a_purge(
    context: WorkerContext, recording: Recording, cora: Actor, s3_server: S3Server, bucket: str
) -> None:
    mark(context, recording, cora)
    advance_purges(context, ignore_job)
    with patch.object(task, "_erase_exports", lambda *_: s3_server.kill()):
        assert not run_due_task(context, recording)
    try:
        assert not run_due_task(context, recording)
        waiting, purge = task_of(context, recording), purge_of(context, recording)
        assert waiting is not None
        assert purge is not None
        assert (waiting.state, purge.state) == (WorkState.PENDING, PurgeState.PURGING)
        assert "does not answer" in purge.waiting_for
        assert read(context, recording).purged_at is None
    finally:
        s3_server.start()
    assert run_due_task(context, recording)
    assert versions(s3_server, bucket) == []
    assert read(context, recording).purged_at is not None
    check_aftermath(context)


def test_an_archive_that_is_down_before_it_begins_costs_nothing(
    context: WorkerContext, recording: Recording, cora: Actor, s3_server: S3Server, bucket: str
) -> None:
    mark(context, recording, cora)
    advance_purges(context, ignore_job)
    before = versions(s3_server, bucket)
    s3_server.kill()
    try:
        assert not run_due_task(context, recording)
        assert read(context, recording).state is RecordingState.ARCHIVED
    finally:
        s3_server.start()
    assert versions(s3_server, bucket) == before
    assert b"".join(context.files.open(recording, VIDEO)) == VIDEO_BYTES
    assert run_due_task(context, recording)
    check_aftermath(context)
