"""A watch term over the recordings there were: nothing lost or repeated wherever a worker is killed; and the stage."""

from collections import Counter
from collections.abc import Callable

import pytest
from sqlmodel import select

from gateway.api.watch_terms import service
from gateway.api.watch_terms.schemas import WatchTermChange
from gateway.audit import Actor
from gateway.core.finding import Verdict
from gateway.core.policy.access import Role
from gateway.core.work import Priority, StageName, WorkState
from gateway.db.columns import utc_now
from gateway.db.models import Finding, Recording, Span, Stage, Task, User, WatchTerm
from gateway.db.repositories import recordings, stages, tasks
from gateway.work.stages import retry
from tests.gateway.search.conftest import Archive, Line
from tests.parts.recordings import halves, ignore_job, place_recording, small_original
from workers import stages as pipeline
from workers.running import engine
from workers.running.work import WorkerContext
from workers.tasks.runner import run_task
from workers.watch import backlog


class Killed(BaseException):
    """Ends a worker where nothing of it goes on."""


def add_term(context: WorkerContext, query: str) -> str:
    with context.database.write() as session:
        user = User(username="ann", display_name="Ann", role=Role.AUDITOR, password_hash="x")
        session.add(user)
        session.flush()
        term = WatchTerm(name="term", query=query, created_by=user.id)
        session.add(term)
    return term.id


def ask(context: WorkerContext, term_id: str) -> str:
    """Id of the task to run it over everything."""
    with context.database.write() as session:
        backlog_id = service.request_backlog(session, term_id, Actor("ann"), ignore_job).backlog_id
    assert backlog_id is not None
    return backlog_id


def fill(context: WorkerContext, count: int = 45) -> None:
    archive = Archive(context.database)
    for number in range(count):
        archive.add(f"r{number:02}", [Line("sudo reboot"), Line("sudo again", 5000, 6000), "nothing"])


def task_of(context: WorkerContext, task_id: str) -> Task:
    with context.database.read() as session:
        return tasks.get(session, task_id)


def counts(task: Task) -> tuple[WorkState, int, int]:
    return task.state, task.result["done_count"], task.result["total_count"]


def found(context: WorkerContext) -> Counter[str]:
    """Findings a recording."""
    with context.database.read() as session:
        return Counter(session.exec(select(Finding.recording_id)))


def end_lease(context: WorkerContext, task_id: str) -> None:
    with context.database.write() as session:
        tasks.get(session, task_id, lock=True).lease_until_at = utc_now()


def test_every_recording_is_gone_through_once(context: WorkerContext) -> None:
    fill(context)
    term_id = add_term(context, "sudo")
    task_id = ask(context, term_id)
    assert task_of(context, task_id).priority == Priority.BULK
    assert run_task(context, task_id)
    assert found(context) == {f"r{number:02}": 2 for number in range(45)}
    done = task_of(context, task_id)
    assert (*counts(done), done.progress) == (WorkState.DONE, 45, 45, 1.0)
    again = ask(context, term_id)
    assert again != task_id
    assert run_task(context, again)
    assert found(context).total() == 90


@pytest.mark.parametrize("place", ["_look", "_publish", "_advance"])
def test_a_killed_worker_loses_and_repeats_nothing(
    context: WorkerContext, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    fill(context)
    task_id = ask(context, add_term(context, "sudo"))
    calls = iter(range(1, 10))
    original = getattr(backlog, place)

    def dying(*arguments: object) -> object:
        if next(calls) == 2:
            raise Killed
        return original(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(backlog, place, dying)
        with pytest.raises(Killed):
            run_task(context, task_id)
    assert found(context).total() == 40
    assert counts(task_of(context, task_id)) == (WorkState.RUNNING, 20, 45)
    assert not run_task(context, task_id), "it is leased"
    end_lease(context, task_id)
    assert run_task(context, task_id)
    assert found(context) == {f"r{number:02}": 2 for number in range(45)}
    assert counts(task_of(context, task_id)) == (WorkState.DONE, 45, 45)


def test_a_worker_that_was_overtaken_publishes_nothing(context: WorkerContext, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(context)
    task_id = ask(context, add_term(context, "sudo"))
    publish = backlog._publish

    def after_another(*arguments: object) -> None:
        """The other worker does the whole rest between this one's look and its publishing."""
        monkeypatch.setattr(backlog, "_publish", publish)
        end_lease(context, task_id)
        assert run_task(context, task_id)
        publish(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(backlog, "_publish", after_another)
    assert not run_task(context, task_id)
    assert found(context).total() == 90
    assert counts(task_of(context, task_id)) == (WorkState.DONE, 45, 45)


@pytest.mark.parametrize("changed", [WatchTermChange(disabled=True), WatchTermChange(query="nowhere")])
def test_a_page_does_not_count_when_the_term_was_changed_meanwhile(
    context: WorkerContext, monkeypatch: pytest.MonkeyPatch, changed: WatchTermChange
) -> None:
    fill(context, 3)
    term_id = add_term(context, "sudo")
    task_id = ask(context, term_id)
    publish = backlog._publish

    def after_change(*arguments: object) -> None:
        with context.database.write() as session:
            service.change(session, term_id, changed, Actor("ann"), ignore_job)
        publish(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(backlog, "_publish", after_change)
    assert not run_task(context, task_id)
    assert not found(context)
    stopped = task_of(context, task_id)
    assert stopped.state is WorkState.FAILED
    assert (stopped.error or "").startswith("stopped: the ")


def test_a_query_no_longer_understood_fails_the_backlog_with_its_reason(context: WorkerContext) -> None:
    fill(context, 1)
    task_id = ask(context, add_term(context, "OR"))
    assert not run_task(context, task_id)
    failed = task_of(context, task_id)
    assert (failed.state, failed.attempt_count) == (WorkState.FAILED, 1)
    assert failed.error


def test_the_index_stage_makes_findings_once(context: WorkerContext, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = place_recording(context, halves(small_original()))
    add_term(context, "screen:")
    stages_before_index(context, recording)
    with monkeypatch.context() as patched:
        patched.setattr(engine, "_end", killed_before_commit(engine._end))
        with pytest.raises(Killed):
            pipeline.run_next(context, recording.id)
    assert not found(context)
    end_leases(context, recording)
    pipeline.advance(context, recording.id)
    with context.database.write() as session:
        spans = len(session.exec(select(Span).where(Span.recording_id == recording.id)).all())
        assert spans
        assert recordings.get(session, recording.id).searchable_at is not None
        for finding in session.exec(select(Finding)):
            finding.verdict = Verdict.CONFIRMED
            session.add(finding)
        for row in stages.of_recording(session, recording.id).values():
            if row.name in {StageName.OCR, StageName.INDEX}:
                row.state = "failed"  # type: ignore[assignment]
                session.add(row)
    assert found(context) == {recording.id: spans}
    with context.database.write() as session:
        retry(session, recording, StageName.OCR, ignore_job)
    pipeline.advance(context, recording.id)
    assert found(context) == {recording.id: spans}
    with context.database.read() as session:
        assert set(session.exec(select(Finding.verdict))) == {Verdict.CONFIRMED}


def stages_before_index(context: WorkerContext, recording: Recording) -> None:
    for _ in (StageName.SEAL, StageName.RENDER, StageName.OCR, StageName.TEXT):
        assert pipeline.run_next(context, recording.id)


def killed_before_commit(end: Callable[..., None]) -> Callable[..., None]:
    """The worker dies with everything written and nothing committed: where the stage's row is marked done."""

    def dying(row: Stage, state: WorkState, error: str | None) -> None:
        if row.name is StageName.INDEX:
            raise Killed
        end(row, state, error)

    return dying


def end_leases(context: WorkerContext, recording: Recording) -> None:
    with context.database.write() as session:
        for row in stages.of_recording(session, recording.id).values():
            row.lease_until_at = None
            session.add(row)
