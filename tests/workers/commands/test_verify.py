"""`reelgate verify` and the task: what they say, write down and return."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, select
from typer.testing import Result

from gateway.audit import Actor, AuditTag
from gateway.core.evidence import Soundness
from gateway.core.recording.layout import segment_name
from gateway.core.work import TaskKind, WorkState
from gateway.db.database import Database
from gateway.db.models import AuditEvent, Recording, Task, Verification
from gateway.db.repositories import tasks as task_rows, verifications
from gateway.evidence.missing import TrailComparison, compare_with_trail
from gateway.settings import get_settings
from gateway.work import tasks
from tests.parts.program import reelgate
from tests.parts.recordings import halves, ignore_job, place_recording, small_original
from workers import stages as pipeline
from workers.running.work import WorkerContext
from workers.tasks.runner import run_task
from workers.verify import task as verify_task


@pytest.fixture
def data_dir(context: WorkerContext, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(context.settings.data_dir))
    if context.settings.database_url is not None:
        monkeypatch.setenv("REELGATE_DATABASE_URL", context.settings.database_url.get_secret_value())
    get_settings.cache_clear()
    yield context.settings.data_dir
    get_settings.cache_clear()


def sealed(context: WorkerContext) -> Recording:
    recording = place_recording(context, halves(small_original(3)))
    assert pipeline.run_next(context, recording.id)
    return recording


def damage(context: WorkerContext, recording: Recording) -> None:
    path = context.files.folder(recording) / segment_name(1, "guac")
    path.write_bytes(path.read_bytes()[:-1])


def run(*arguments: str) -> Result:
    return reelgate("verify", *arguments)


def test_a_whole_recording_is_said_to_be_and_written_down(context: WorkerContext, data_dir: Path) -> None:
    del data_dir
    recording = sealed(context)
    result = run(recording.id)
    assert (result.exit_code, result.stdout) == (0, f"{recording.id}  whole\n")
    with context.database.read() as session:
        [row] = verifications.newest(session, recording.id, 5)
        tags = session.exec(select(AuditEvent.tag).where(AuditEvent.subject_id == recording.id)).all()
    assert (row.outcome, row.faults) == (Soundness.WHOLE, [])
    assert tags[-1] == AuditTag.RECORDING_VERIFIED.value


def test_damage_is_said_with_file_and_bytes_and_the_status_is_1(context: WorkerContext, data_dir: Path) -> None:
    del data_dir
    recording, whole = sealed(context), sealed(context)
    damage(context, recording)
    size = (context.files.folder(recording) / segment_name(1, "guac")).stat().st_size
    result = run(recording.id)
    assert result.exit_code == 1
    expected = f"segments/000001.guac, bytes {size} to {size + 1} of its file: it was truncated: 1 bytes at its end are missing"
    assert result.stdout.splitlines() == [f"{recording.id}  damaged", f"  {expected}"]
    result = run("--all")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-2:] == [
        "1 whole, 1 damaged, 0 unknown; archive not checked",
        "2 recordings in the audit trail, 0 missing or contradicted",
    ]
    assert f"{whole.id}  whole" in result.stdout
    lines = [json.loads(line) for line in run("--all", "--json").stdout.splitlines()]
    assert {line["recording"]: line["outcome"] for line in lines} == {recording.id: "damaged", whole.id: "whole"}


def test_what_cannot_be_looked_at_has_status_2(context: WorkerContext, data_dir: Path) -> None:
    del data_dir
    recording = place_recording(context, [])
    result = run(recording.id)
    assert (result.exit_code, result.stdout) == (2, f"{recording.id}  unknown: it is not sealed yet\n")
    assert run("no-such-id").exit_code == 2
    assert run().exit_code == 2
    assert "name one recording, or use --all" in run(recording.id, "--all").stderr
    assert run("--all").exit_code == 0, "what is still being recorded is not among all"


def test_a_missing_master_key_is_no_damage(context: WorkerContext, data_dir: Path) -> None:
    recording = sealed(context)
    for path in (data_dir / "keys" / "master").iterdir():
        path.unlink()
    result = run(recording.id)
    assert result.exit_code == 2, result.output


def test_a_task_writes_down_what_it_found(context: WorkerContext) -> None:
    recording = sealed(context)
    damage(context, recording)
    with context.database.write() as session:
        task = tasks.place(session, TaskKind.VERIFY, Actor("Cora"), ignore_job, recording_id=recording.id)
    assert run_task(context, task.id)
    with context.database.read() as session:
        done = task_rows.get(session, task.id)
        [row] = verifications.newest(session, recording.id, 5)
    assert (done.state, done.result) == (WorkState.DONE, {"damaged": 1})
    assert (row.requested_by, row.outcome, row.faults[0]["file"]) == (
        "Cora",
        Soundness.DAMAGED,
        segment_name(1, "guac"),
    )


def test_a_task_about_all_looks_at_each(context: WorkerContext) -> None:
    made = {sealed(context).id, sealed(context).id}
    with context.database.write() as session:
        task = tasks.place(session, TaskKind.VERIFY, Actor("Cora"), ignore_job)
    assert run_task(context, task.id)
    with context.database.read() as session:
        assert session.exec(select(Task.result)).one() == {"whole": 2, "missing": 0}
        assert set(session.exec(select(Verification.recording_id))) == made


def test_others_can_write_while_the_trail_is_compared(context: WorkerContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite has one writer: a recorder that cannot write loses its session."""
    sealed(context)
    other = Database(context.settings.database, busy_seconds=0.1)

    def slow(session: Session) -> TrailComparison:
        with other.write() as writing:
            writing.connection()  # takes the write lock
            return compare_with_trail(session)

    monkeypatch.setattr(verify_task, "compare_with_trail", slow)
    with context.database.write() as session:
        task = tasks.place(session, TaskKind.VERIFY, Actor("Cora"), ignore_job)
    assert run_task(context, task.id)
    with context.database.read() as session:
        assert task_rows.get(session, task.id).state is WorkState.DONE
    other.close()
