"""`reelgate retry --failed`: what failed first in each recording is tried again, with all that comes after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import Result

from gateway.audit import AuditTag
from gateway.core.work import STAGE_ORDER, StageName, WorkState
from gateway.db.models import AuditEvent
from gateway.db.repositories import stages
from gateway.settings import get_settings
from gateway.work.jobs import JobSender
from tests.parts.database import upgrade
from tests.parts.program import reelgate
from tests.parts.recordings import place_recording
from tests.workers.conftest import make_settings
from workers.running.work import WorkerContext


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerContext]:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(JobSender, "send", lambda *_ids: None)
    get_settings.cache_clear()
    settings = make_settings(tmp_path)
    upgrade(settings.database)
    made = WorkerContext.build(settings)
    yield made
    made.database.close()


def failed(context: WorkerContext, name: StageName) -> str:
    """A recording whose stages failed from `name` on."""
    recording = place_recording(context, [])
    with context.database.write() as session:
        for stage, row in stages.of_recording(session, recording.id).items():
            is_before = STAGE_ORDER.index(stage) < STAGE_ORDER.index(name)
            row.state = WorkState.DONE if is_before else WorkState.FAILED
            session.add(row)
    return recording.id


def states(context: WorkerContext, recording_id: str) -> list[WorkState]:
    with context.database.read() as session:
        return [row.state for row in stages.of_recording(session, recording_id).values()]


def run(*arguments: str) -> Result:
    return reelgate("retry", *arguments)


def test_failed_stages_of_all_recordings_are_tried_again(context: WorkerContext) -> None:
    rendered, indexed = failed(context, StageName.RENDER), failed(context, StageName.INDEX)
    whole = place_recording(context, []).id
    assert run("--failed", "--stage", "render").stdout == "1 recording is tried again\n"
    assert states(context, rendered) == [WorkState.DONE, *[WorkState.PENDING] * 5]
    assert states(context, indexed)[4:] == [WorkState.FAILED] * 2
    assert run("--failed").stdout == "1 recording is tried again\n"
    assert states(context, indexed) == [*[WorkState.DONE] * 4, *[WorkState.PENDING] * 2]
    assert run("--failed").stdout == "0 recordings are tried again\n"
    with context.database.read() as session:
        events = session.exec(select(AuditEvent).where(AuditEvent.tag == AuditTag.STAGE_RETRIED_BY_COMMAND)).all()
    assert [(event.subject_id, event.details["stage"]) for event in events] == [
        (rendered, "render"),
        (indexed, "index"),
    ]
    assert states(context, whole) == [WorkState.PENDING] * 6


def test_it_must_be_said_what_is_tried_again(context: WorkerContext) -> None:
    recording_id = failed(context, StageName.OCR)
    result = run()
    assert (result.exit_code, result.stderr) == (2, "reelgate: use --failed to retry every failed stage\n")
    assert WorkState.FAILED in states(context, recording_id)
