"""kill -9 of a worker at every step of every stage: the next run ends as if nothing had been."""

import shutil
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, func, select

from gateway.audit.trail import links
from gateway.core.desktop.guac import encode
from gateway.core.recording.layout import KEYFRAMES, MANIFEST, SPANS, TEXT, VIDEO
from gateway.core.recording.states import RecordingState
from gateway.core.trail import Chain
from gateway.core.work import STAGE_ORDER, StageName
from gateway.db.columns import utc_now
from gateway.db.models import AuditEvent, Recording, Span
from gateway.db.repositories import recordings, stages
from gateway.settings import Settings
from gateway.storage.local import read_range, sha256_of
from tests.faults.aftermath import check_aftermath
from tests.faults.dying import exit_code
from tests.faults.dying_worker import Moment, OfTier, advance
from tests.parts.database import upgrade
from tests.parts.recordings import halves, place_recording, small_original
from workers.running.work import WorkerContext
from workers.tier.files import files_of

# A stage of each sort (the original, pictures, the database, the archive) at its worst moment, each moment, each database.
CASES = [
    ("sqlite", StageName.SEAL, Moment.PUBLISHED),
    ("sqlite", StageName.RENDER, Moment.MADE),
    ("sqlite", StageName.OCR, Moment.PUBLISHED),
    ("sqlite", StageName.INDEX, Moment.TAKEN),
    ("sqlite", StageName.TIER, OfTier.COPIED),
    ("postgresql", StageName.INDEX, Moment.PUBLISHED),
]
EVERY_CASE = [
    ("sqlite", StageName.TIER, OfTier.COPIED),
    *[(database, stage, moment) for database in ("sqlite", "postgresql") for stage in STAGE_ORDER for moment in Moment],
]
LONG = [pytest.param(*case, marks=pytest.mark.long) for case in EVERY_CASE if case not in CASES]


@pytest.fixture
def context(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WorkerContext]:
    settings = Settings(data_dir=tmp_path, ocr_engine="tesserocr")
    if getattr(request, "param", "sqlite") == "postgresql":
        settings = settings.model_validate(
            {**settings.model_dump(), "database_url": request.getfixturevalue("postgres_url")}
        )
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    yield context
    context.database.close()


def let_leases_run_out(context: WorkerContext, recording_id: str) -> None:
    with context.database.write() as session:
        for row in stages.of_recording(session, recording_id).values():
            if row.lease_until_at is not None:
                row.lease_until_at = utc_now() - timedelta(seconds=1)
                session.add(row)


@pytest.mark.parametrize(("context", "stage", "moment"), [*CASES, *LONG], indirect=["context"])
def test_a_worker_killed_in_a_stage_loses_and_repeats_nothing(
    stage: StageName, moment: Moment | OfTier, context: WorkerContext
) -> None:
    original = small_original(3) + encode("key", ord("x"), 1, 1_878_000)
    recording = place_recording(context, halves(original))
    assert exit_code(advance, context.settings, recording.id, stage, moment) == -signal.SIGKILL
    with context.database.read() as session:
        row = stages.of_recording(session, recording.id)[stage]
        assert (row.state, row.attempt_count) == ("running", 1)
    let_leases_run_out(context, recording.id)
    assert exit_code(advance, context.settings, recording.id) == 0
    check_end_state(context, recording, original)


def check_end_state(context: WorkerContext, recording: Recording, original: bytes) -> None:
    folder = context.files.folder(recording)
    with context.database.read() as session:
        assert [row.state for row in stages.of_recording(session, recording.id).values()] == ["done"] * 6
        row = recordings.get(session, recording.id)
        assert (row.state, row.digest) == (RecordingState.ARCHIVED, sha256_of([original])[0])
        files = files_of(session, recording.id)
        archived = {stored.name: stored for stored in recordings.archive_objects(session, recording.id)}
        tags = session.exec(select(AuditEvent.tag).where(AuditEvent.subject_id == recording.id)).all()
        assert sorted(tag for tag in tags if tag.startswith("worker:")) == [
            "worker:recording:archived",
            "worker:recording:sealed",
        ]
        assert Chain().follow(links(context.database)) is None
        assert span_count(session, recording) == span_count(session, recording, distinct=True) > 0
    assert {path.name for path in folder.iterdir()} == {"segments", MANIFEST, VIDEO, KEYFRAMES, SPANS, TEXT}
    for file in files:
        assert sha256_of(read_range(folder / file.name)) == (file.kept.sha256, file.kept.size_bytes)
        stored = archived[file.name]
        assert sha256_of(context.files.archive.open_range(stored.key)) == (stored.sha256, stored.size_bytes)
        assert (stored.content_sha256, stored.content_bytes) == (file.content.sha256, file.content.size_bytes)
    check_aftermath(context, row)
    shutil.rmtree(folder)
    assert b"".join(context.files.original(recording)) == original


def span_count(session: Session, recording: Recording, *, distinct: bool = False) -> int:
    query = select(Span.text, Span.start_ms, col(Span.place)).where(col(Span.recording_id) == recording.id)
    return session.exec(select(func.count()).select_from((query.distinct() if distinct else query).subquery())).one()
