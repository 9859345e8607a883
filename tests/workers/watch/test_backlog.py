"""A watch term over the recordings there were: nothing lost or repeated wherever a worker is killed; and the stage."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import select

from gateway.core.finding import BacklogState, Verdict
from gateway.core.jobs import StageName, WorkState
from gateway.core.policy.access import Role
from gateway.db.columns import utc_now
from gateway.db.models import Finding, Recording, Span, Stage, User, WatchTerm
from gateway.db.repositories import recordings, stages, watch_terms
from gateway.pipeline import retry
from gateway.search import QueryError
from tests.gateway.search.conftest import Archive, Line
from tests.parts.recordings import halves, ignore_job, place_recording, small_original
from workers import pipeline
from workers.running import engine
from workers.watch import backlog
from workers.work import WorkerContext


class Killed(BaseException):
    """Ends a worker where nothing of it goes on."""


def add_term(context: WorkerContext, query: str, state: BacklogState | None = BacklogState.QUEUED) -> str:
    with context.database.write() as session:
        user = User(username="ann", display_name="Ann", role=Role.AUDITOR, password_hash="x")
        session.add(user)
        session.flush()
        term = WatchTerm(name="term", query=query, created_by=user.id, backlog_state=state, backlog_moved_at=utc_now())
        session.add(term)
    return term.id


def fill(context: WorkerContext, count: int = 45) -> None:
    archive = Archive(context.database)
    for number in range(count):
        archive.add(f"r{number:02}", [Line("sudo reboot"), Line("sudo again", 5000, 6000), "nothing"])


def term_of(context: WorkerContext, term_id: str) -> WatchTerm:
    with context.database.read() as session:
        return watch_terms.get(session, term_id)


def found(context: WorkerContext) -> Counter[str]:
    """Findings a recording."""
    with context.database.read() as session:
        return Counter(session.exec(select(Finding.recording_id)))


def change(context: WorkerContext, term_id: str, **values: object) -> None:
    with context.database.write() as session:
        session.connection().execute(update(WatchTerm).where(WatchTerm.id == term_id).values(**values))  # type: ignore[arg-type]


def test_every_recording_is_gone_through_once(context: WorkerContext) -> None:
    fill(context)
    term_id = add_term(context, "sudo")
    backlog.run_backlog(context, term_id)
    assert found(context) == {f"r{number:02}": 2 for number in range(45)}
    term = term_of(context, term_id)
    assert (term.backlog_state, term.backlog_done_count, term.backlog_total_count) == (BacklogState.DONE, 45, 45)
    change(context, term_id, backlog_state=BacklogState.QUEUED, backlog_cursor="", backlog_done_count=0)
    backlog.run_backlog(context, term_id)
    assert found(context).total() == 90


@pytest.mark.parametrize("place", ["_look", "_publish", "_advance"])
def test_a_killed_worker_loses_and_repeats_nothing(
    context: WorkerContext, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    fill(context)
    term_id = add_term(context, "sudo")
    calls = iter(range(1, 10))
    original = getattr(backlog, place)

    def dying(*arguments: object) -> object:
        if next(calls) == 2:
            raise Killed
        return original(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(backlog, place, dying)
        with pytest.raises(Killed):
            backlog.run_backlog(context, term_id)
    assert found(context).total() == 40
    assert term_of(context, term_id).backlog_done_count == 20
    with context.database.read() as session:
        assert watch_terms.stalled(session, utc_now() + timedelta(seconds=1)) == [term_id]
    backlog.run_backlog(context, term_id)
    assert found(context) == {f"r{number:02}": 2 for number in range(45)}
    assert term_of(context, term_id).backlog_done_count == 45


def test_two_workers_at_one_backlog_share_it(context: WorkerContext, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(context)
    term_id = add_term(context, "sudo")
    publish = backlog._publish

    def after_another(*arguments: object) -> None:
        """The other worker does the whole rest between this one's look and its publishing."""
        monkeypatch.setattr(backlog, "_publish", publish)
        backlog.run_backlog(context, term_id)
        publish(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(backlog, "_publish", after_another)
    backlog.run_backlog(context, term_id)
    assert found(context).total() == 90
    assert term_of(context, term_id).backlog_done_count == 45


@pytest.mark.parametrize("changed", [{"backlog_state": BacklogState.IDLE}, {"query": "nowhere"}])
def test_a_page_does_not_count_when_the_term_was_changed_meanwhile(
    context: WorkerContext, monkeypatch: pytest.MonkeyPatch, changed: dict[str, object]
) -> None:
    fill(context, 3)
    term_id = add_term(context, "sudo")
    publish = backlog._publish

    def after_change(*arguments: object) -> None:
        change(context, term_id, **changed)
        publish(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(backlog, "_publish", after_change)
    backlog.run_backlog(context, term_id)
    assert not found(context)


def test_a_query_no_longer_understood_fails_the_backlog(context: WorkerContext) -> None:
    fill(context, 1)
    term_id = add_term(context, "OR")
    with pytest.raises(QueryError):
        backlog.run_backlog(context, term_id)
    assert term_of(context, term_id).backlog_state is BacklogState.FAILED


def test_a_term_that_was_never_asked_has_nothing_to_do(context: WorkerContext) -> None:
    fill(context, 1)
    backlog.run_backlog(context, add_term(context, "sudo", None))
    assert not found(context)


def test_the_index_stage_makes_findings_once(context: WorkerContext, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = place_recording(context, halves(small_original()))
    add_term(context, "screen:", None)
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
    for _ in (StageName.SEAL, StageName.RENDER, StageName.OCR):
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
