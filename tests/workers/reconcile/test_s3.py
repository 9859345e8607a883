"""Repairing on a real S3-compatible server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.core.reconcile import DiscrepancyKind
from gateway.core.recording.layout import VIDEO
from gateway.db.repositories import recordings
from gateway.storage.archive import archive_key
from tests.parts.database import upgrade
from tests.parts.s3 import S3Server
from tests.workers.conftest import make_settings
from tests.workers.reconcile.conftest import CONTENT, make_recording
from workers.reconcile.quarantine import QUARANTINE
from workers.reconcile.work import reconcile
from workers.running.work import WorkerContext


@pytest.fixture
def context(tmp_path: Path, s3_server: S3Server, s3_bucket: str) -> Iterator[WorkerContext]:
    given = {name.removeprefix("REELGATE_").lower(): value for name, value in s3_server.settings(s3_bucket).items()}
    settings = make_settings(tmp_path, **given)
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    yield context
    context.database.close()


def test_objects_are_repaired_from_disk_and_files_from_objects(
    context: WorkerContext, s3_server: S3Server, s3_bucket: str
) -> None:
    recording = make_recording(context)
    key = archive_key(context.settings, recording.folder, VIDEO)
    spoiled = s3_server.client().put_object(Bucket=s3_bucket, Key=key, Body=b"x" * len(CONTENT[VIDEO]))
    with context.database.write() as session:
        row = recordings.archive_object(session, recording.id, VIDEO)
        assert row is not None
        row.version_id = spoiled.get("VersionId")  # where versions are kept, a newer one harms nobody
    report = reconcile(context, deep=True)
    assert (report.found, report.repaired_count) == ({DiscrepancyKind.ARCHIVE_DAMAGED: 1}, 1)
    assert s3_server.client().get_object(Bucket=s3_bucket, Key=key)["Body"].read() == CONTENT[VIDEO]
    (kept,) = (path for path in (context.settings.data_dir / QUARANTINE).rglob("*") if path.is_file())
    assert kept.read_bytes() == b"x" * len(CONTENT[VIDEO])
    with context.database.read() as session:
        repaired = recordings.archive_object(session, recording.id, VIDEO)
    assert repaired is not None
    if repaired.version_id is None:
        s3_server.client().delete_object(Bucket=s3_bucket, Key=key)
    else:
        s3_server.client().delete_object(Bucket=s3_bucket, Key=key, VersionId=repaired.version_id)
    (context.files.folder(recording) / next(iter(CONTENT))).unlink()
    report = reconcile(context)
    assert report.found == {DiscrepancyKind.ARCHIVE_MISSING: 1, DiscrepancyKind.HOT_MISSING: 1}
    assert report.repaired_count == 2
    assert not reconcile(context, deep=True).found
