"""`reelgate restore`: by itself with --wait, with one line for what is wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from gateway.core.recording.states import Tier
from gateway.db.columns import utc_now
from gateway.db.models import Recording
from gateway.db.repositories import recordings
from gateway.settings import get_settings
from tests.parts.database import upgrade
from tests.parts.program import reelgate
from tests.parts.recordings import place_sealed, small_original
from tests.workers.conftest import make_settings
from workers import stages as pipeline
from workers.running.work import WorkerContext
from workers.tier.expiry import expire_hot_copies


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerContext]:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(tmp_path))
    get_settings.cache_clear()
    settings = make_settings(tmp_path)
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    yield context
    context.database.close()
    get_settings.cache_clear()


@pytest.fixture
def archived(context: WorkerContext) -> Recording:
    recording = place_sealed(context, [small_original(2)])
    assert pipeline.run_next(context, recording.id)
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        row.hot_until_at = utc_now()
        session.add(row)
    assert expire_hot_copies(context) == 1
    return recording


def restore(*arguments: str) -> Result:
    return reelgate("restore", *arguments)


def test_with_wait_it_is_there_when_the_command_ends(context: WorkerContext, archived: Recording) -> None:
    answer = restore(archived.id, "--days", "2", "--wait")
    assert answer.exit_code == 0, answer.output
    assert answer.output.startswith(f"{archived.id} is hot until 20")
    with context.database.read() as session:
        assert recordings.get(session, archived.id).tier is Tier.HOT


def test_what_stands_in_the_way_is_said_and_stays_requested(context: WorkerContext, archived: Recording) -> None:
    (context.settings.archive_dir / archived.folder / "video.mp4").unlink()
    answer = restore(archived.id, "--wait")
    assert answer.exit_code == 1
    assert "reelgate: " in answer.output
    assert "video.mp4" in answer.output


def test_a_recording_that_is_not_there(context: WorkerContext) -> None:
    answer = restore("no-such-recording", "--wait")
    assert (answer.exit_code, answer.output) == (2, "reelgate: there is no recording no-such-recording\n")
    assert context.settings.data_dir.exists()
