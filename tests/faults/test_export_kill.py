"""kill -9 at every step of an export: it is made again, once, and nothing of it lies about or in clear."""

import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.audit import AuditTag
from gateway.core.export import ExportKind
from gateway.db.columns import utc_now
from gateway.db.repositories import audit_subjects, tasks
from gateway.exports import files
from gateway.storage.local import sha256_of
from tests.faults import dying_task
from tests.faults.aftermath import check_aftermath, check_kept
from tests.faults.dying import exit_code
from tests.faults.dying_task import AnyTask, OfExport
from tests.parts.database import upgrade
from tests.parts.recordings import halves, place_sealed, small_original
from tests.parts.retention import read
from tests.workers.conftest import make_settings
from tests.workers.export import requesting
from workers import stages as pipeline
from workers.running.work import WorkerContext


@pytest.fixture
def context(tmp_path: Path) -> Iterator[WorkerContext]:
    settings = make_settings(tmp_path)
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    with context.database.write() as session:
        session.add(requesting.cora())
    yield context
    context.database.close()


@pytest.mark.parametrize("moment", [*AnyTask, *OfExport])
def test_an_export_killed_anywhere_is_made_once(moment: AnyTask | OfExport, context: WorkerContext) -> None:
    placed = place_sealed(context, halves(small_original(3)), video_bytes=1024)
    assert pipeline.run_next(context, placed.id)
    recording = read(context, placed)
    requested = requesting.request(context, recording, kind=ExportKind.BUNDLE)
    assert exit_code(dying_task.run, context.settings, requested.task_id, moment) == -signal.SIGKILL
    assert requesting.row(context, requested).name == "", "nothing is claimed"
    check_kept(context, recording)
    with context.database.write() as session:
        tasks.get(session, requested.task_id, lock=True).lease_until_at = utc_now() - timedelta(seconds=1)
    assert exit_code(dying_task.run, context.settings, requested.task_id) == 0
    made = requesting.row(context, requested)
    content = files.read(context.settings, context.database, context.keys.data, made)
    assert sha256_of(content) == (made.sha256, made.size_bytes)
    with context.database.read() as session:
        tags = [event.tag for event in audit_subjects.events(session, [recording.id])]
    assert tags.count(AuditTag.EXPORT_FINISHED) == 1
    kept = [path for path in context.settings.data_dir.glob("exports/**/*") if path.is_file()]
    assert kept == [files.folder(context.settings, made.id) / made.name]
    check_aftermath(context, recording)
