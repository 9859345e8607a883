"""The stage graph: what runs when, what a failure does, and that a lost lease spoils nothing."""

import base64
from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from gateway.audit import AuditTag
from gateway.core.desktop import operator_streams
from gateway.core.desktop.guac import encode
from gateway.core.errors import ConflictError, InvalidInputError, ReelgateError, UnavailableError
from gateway.core.recording.kinds import KINDS, Kind
from gateway.core.recording.layout import KEYFRAMES, MANIFEST, SPANS, TEXT, VIDEO
from gateway.core.recording.manifest import parse_manifest
from gateway.core.recording.states import RecordingState, Tier
from gateway.core.recording.transfer import Direction, Transfer, TransferEnd
from gateway.core.work import STAGE_ORDER, StageName, WorkState
from gateway.db.columns import utc_now
from gateway.db.models import AuditEvent, Recording, Span, Stage
from gateway.db.repositories import queue, recordings, stages
from gateway.search import Scope, search
from gateway.storage.local import sha256_of
from gateway.work import stages as begin_pipeline
from tests.parts.long import POSTGRESQL_LATER
from tests.parts.recordings import DATA, halves, ignore_job, place_recording, small_original
from workers import stages as pipeline
from workers.running.engine import MAX_ATTEMPTS
from workers.running.work import Publish, StageRunner, StageWork, WorkerContext
from workers.stages import runner_of


def rows_of(context: WorkerContext, recording: Recording) -> dict[StageName, Stage]:
    with context.database.read() as session:
        return stages.of_recording(session, recording.id)


def states_of(context: WorkerContext, recording: Recording) -> list[str]:
    return [row.state.value for row in rows_of(context, recording).values()]


def let_time_pass(context: WorkerContext, recording: Recording) -> None:
    """Pauses are over and leases have run out."""
    past = utc_now() - timedelta(hours=1)
    with context.database.write() as session:
        for row in stages.of_recording(session, recording.id).values():
            row.not_before_at = past if row.not_before_at else None
            row.lease_until_at = past if row.lease_until_at else None
            session.add(row)


def run_by(monkeypatch: pytest.MonkeyPatch, runners: Mapping[StageName, StageRunner]) -> None:
    """These stages are run by these, the others as always."""
    monkeypatch.setattr(pipeline, "runner_of", lambda kind, name: runners.get(name) or runner_of(kind, name))


def failing_with(error: BaseException, monkeypatch: pytest.MonkeyPatch, name: StageName = StageName.SEAL) -> None:
    def fail(_work: StageWork) -> Publish:
        raise error

    run_by(monkeypatch, {name: fail})


def doing_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def publish(_session: Session) -> None:
        """Nothing was made."""

    run_by(monkeypatch, dict.fromkeys(STAGE_ORDER, lambda _work: publish))


def test_a_recording_goes_from_open_to_searchable_and_archived(context: WorkerContext) -> None:
    original = small_original()
    recording = place_recording(context, halves(original))
    pipeline.advance(context, recording.id)
    assert states_of(context, recording) == ["done"] * 6
    with context.database.read() as session:
        row = recordings.get(session, recording.id)
        assert (row.state, row.tier) == (RecordingState.ARCHIVED, Tier.HOT)
        assert row.digest == sha256_of([original])[0]
        assert row.size_bytes == len(original)
        assert row.searchable_at is not None
        assert (row.width, row.height) == (1280, 800)
        names = {file.name for file in recordings.files(session, row.id)}
        archived = {stored.name for stored in recordings.archive_objects(session, row.id)}
        assert names >= {VIDEO, KEYFRAMES, SPANS}
        assert archived == names | {MANIFEST}
        assert session.exec(select(Span.text).where(Span.recording_id == row.id)).all()
        tags = session.exec(select(AuditEvent.tag).where(AuditEvent.subject_id == row.id)).all()
        assert tags == [
            AuditTag.RECORDING_OPENED,
            AuditTag.RECORDING_CLOSED,
            AuditTag.RECORDING_SEALED,
            AuditTag.RECORDING_ARCHIVED,
        ]
    assert b"".join(context.files.original(recording)) == original
    assert b"".join(context.files.original(recording, 100, 50_000)) == original[100:50_100]
    sealed = parse_manifest((context.files.folder(recording) / MANIFEST).read_bytes()).sealed
    assert sealed is not None
    assert (sealed.segments, sealed.size_bytes) == (2, row.size_bytes)


def test_a_session_that_showed_nothing_is_sealed_searched_and_archived_all_the_same(context: WorkerContext) -> None:
    recording = place_recording(context, [])
    pipeline.advance(context, recording.id)
    assert states_of(context, recording) == ["done"] * 6
    with context.database.read() as session:
        row = recordings.get(session, recording.id)
        assert (row.state, row.size_bytes) == (RecordingState.ARCHIVED, 0)
        assert row.facts["render"] == {"reason": "nothing was shown"}
        assert row.searchable_at is not None
        assert recordings.renditions(session, row.id) == []


def test_a_failure_waits_longer_each_time_and_is_given_up_with_what_depends_on_it(
    context: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_with(ReelgateError("the encoder is out of film"), monkeypatch)
    recording = place_recording(context, [])
    pauses = []
    for _ in range(MAX_ATTEMPTS):
        assert not pipeline.run_next(context, recording.id)
        row = rows_of(context, recording)[StageName.SEAL]
        assert row.error == "the encoder is out of film"
        if row.not_before_at is not None:
            pauses.append(round((row.not_before_at - utc_now()).total_seconds()))
        assert not pipeline.run_next(context, recording.id), "it must wait"
        let_time_pass(context, recording)
    assert pauses == sorted(set(pauses))
    assert states_of(context, recording) == ["failed"] * 6
    assert rows_of(context, recording)[StageName.TIER].error == "not run, because seal failed"


def test_the_evidence_is_archived_though_it_cannot_be_rendered(
    context: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_with(InvalidInputError("a picture of nothing"), monkeypatch, StageName.RENDER)
    recording = place_recording(context, [small_original()])
    pipeline.advance(context, recording.id)
    pipeline.advance(context, recording.id)
    assert states_of(context, recording) == ["done", "failed", "failed", "done", "failed", "done"]
    assert rows_of(context, recording)[StageName.RENDER].attempt_count == 1, "what is wrong stays wrong"


@POSTGRESQL_LATER
def test_a_retry_runs_the_stage_and_all_after_it(context: WorkerContext, monkeypatch: pytest.MonkeyPatch) -> None:
    failing_with(InvalidInputError("a picture of nothing"), monkeypatch, StageName.RENDER)
    recording = place_recording(context, [small_original()])
    pipeline.advance(context, recording.id)
    pipeline.advance(context, recording.id)
    run_by(monkeypatch, {})
    sent: list[tuple[str, ...]] = []
    with context.database.write() as session, pytest.raises(ConflictError, match="ocr needs render"):
        begin_pipeline.retry(session, recording, StageName.OCR, ignore_job)
    with context.database.write() as session:
        stage = begin_pipeline.retry(session, recording, StageName.RENDER, lambda *job: sent.append(job))
        assert stage.state is WorkState.PENDING
        assert sent == [], "jobs leave after commit"
    assert sent == [("recording.advance", recording.id)]
    pipeline.advance(context, recording.id)
    assert states_of(context, recording) == ["done"] * 6
    with context.database.read() as session:
        assert VIDEO in {stored.name for stored in recordings.archive_objects(session, recording.id)}


def test_what_is_not_there_for_a_while_is_never_given_up(
    context: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_with(UnavailableError("the archive does not answer"), monkeypatch)
    recording = place_recording(context, [])
    for _ in range(MAX_ATTEMPTS * 2):
        pipeline.run_next(context, recording.id)
        row = rows_of(context, recording)[StageName.SEAL]
        assert (row.state, row.error) == (WorkState.PENDING, "the archive does not answer")
        let_time_pass(context, recording)


def test_a_worker_that_dies_each_time_is_not_given_the_stage_for_ever(
    context: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = place_recording(context, [])
    failing_with(KilledError(), monkeypatch)
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(KilledError):
            pipeline.run_next(context, recording.id)
        let_time_pass(context, recording)
    assert not pipeline.run_next(context, recording.id)
    row = rows_of(context, recording)[StageName.SEAL]
    assert (row.state, row.error) == (WorkState.FAILED, "the worker was lost 5 times while at this")


def test_work_that_is_interrupted_is_given_back_as_if_it_had_not_been_begun(
    context: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = place_recording(context, [])
    failing_with(KeyboardInterrupt(), monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        pipeline.run_next(context, recording.id)
    row = rows_of(context, recording)[StageName.SEAL]
    assert (row.state, row.attempt_count, row.lease_owner) == (WorkState.PENDING, 0, None)


class KilledError(BaseException):
    """As far as the rows can tell, the process is gone: nothing is noted."""


def test_a_stage_is_in_one_workers_hands_and_a_late_one_publishes_nothing(
    context: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    published: list[str] = []
    other = WorkerContext(context.settings, context.database, context.files, "elsewhere:1:1")
    doing_nothing(monkeypatch)

    def slow(work: StageWork) -> Publish:
        assert not pipeline.run_next(other, work.recording.id), "it is on hold"
        let_time_pass(context, work.recording)  # this worker hangs until its lease has run out
        doing_nothing(monkeypatch)
        assert pipeline.run_next(other, work.recording.id), "it is taken over"
        return lambda _session: published.append("late")

    recording = place_recording(context, [])
    run_by(monkeypatch, {StageName.SEAL: slow})
    assert not pipeline.run_next(context, recording.id)
    assert published == []
    assert states_of(context, recording) == ["done", *["pending"] * 5]


def test_work_is_found_for_the_timer_while_nobody_has_it(
    context: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def due() -> list[str]:
        with context.database.read() as session:
            return [work.id for work in queue.due(session, utc_now(), 10)]

    recording = place_recording(context, [])
    assert due() == [recording.id]
    failing_with(UnavailableError("not yet"), monkeypatch)
    pipeline.run_next(context, recording.id)
    assert due() == [], "it waits"
    let_time_pass(context, recording)
    assert due() == [recording.id]
    failing_with(KilledError(), monkeypatch)
    with pytest.raises(KilledError):
        pipeline.run_next(context, recording.id)
    assert due() == [], "it is leased"
    let_time_pass(context, recording)
    assert due() == [recording.id]
    doing_nothing(monkeypatch)
    pipeline.advance(context, recording.id)
    assert due() == [], "all is done"


@POSTGRESQL_LATER
def test_what_was_pasted_and_uploaded_is_found_in_the_search(context: WorkerContext) -> None:
    original = small_original()
    original += operator_streams.clipboard(0, "text/plain", 0)
    original += operator_streams.blob(0, base64.b64encode(b"DROP TABLE customers").decode())
    original += operator_streams.end(0, 0, 20) + operator_streams.file(0, "text/csv", "payroll.csv", 0)
    recording = place_recording(context, [original])
    pipeline.advance(context, recording.id)
    with context.database.read() as session:
        (pasted,) = search(session, 'clipboard:"drop table"', Scope.everything()).hits
        (named,) = search(session, "file:payroll", Scope.everything()).hits
        assert not search(session, "screen:payroll", Scope.everything()).hits
        facts = recordings.get(session, recording.id).facts
        span = session.get(Span, pasted.span_id)
        rendition = recordings.rendition(session, recording.id, TEXT)
    assert pasted.transfer == Transfer(Direction.TO_TARGET, TransferEnd.WHOLE, "text/plain", 20)
    assert named.transfer == Transfer(Direction.TO_TARGET, TransferEnd.UNFINISHED, "text/csv", 0)
    assert (facts["text"]["clipboard"], facts["render"]["skipped"]) == (1, {})
    assert span is not None
    assert span.rendition_id == rendition.id
    assert original[span.start_byte : span.end_byte].startswith(b"9.clipboard,7.1000000,")
    assert original[span.start_byte : span.end_byte].endswith(b"2.20;")


def _finished(context: WorkerContext, recording: Recording) -> Recording:
    pipeline.advance(context, recording.id)
    assert states_of(context, recording) == ["done"] * 6
    with context.database.read() as session:
        return recordings.get(session, recording.id)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_stage_of_a_kind_has_somebody_who_runs_it(kind: Kind) -> None:
    assert all(callable(runner_of(kind, name)) for name in kind.stages)


def test_what_was_typed_is_searchable_where_nothing_was_shown(context: WorkerContext) -> None:
    typed = b"".join(encode("key", ord(letter), 1, 5000 + at) for at, letter in enumerate("unseen"))
    row = _finished(context, place_recording(context, [typed + encode("mouse", 1, 1, 0, 65_000)]))
    assert (row.duration_ms, row.is_shown, row.facts["text"]["spans"]) == (60_000, False, 1)
    with context.database.read() as session:
        assert session.exec(select(Span.text)).all() == ["unseen"]


@POSTGRESQL_LATER
def test_a_screen_too_large_to_render_counts_as_not_read(context: WorkerContext) -> None:
    row = _finished(context, place_recording(context, [(DATA / "s-17280x2160.guac").read_bytes()]))
    assert row.facts["render"]["reason"].startswith("the screen of 17280x2160 pixels is larger than can be rendered")
    assert (row.duration_ms, row.screen_seconds, row.read_seconds) == (3000, 3.0, 0.0)


@POSTGRESQL_LATER
def test_a_stretch_with_a_screen_too_large_counts_as_not_read(context: WorkerContext) -> None:
    small, large = encode("size", 0, 64, 48), encode("size", 0, 20_000, 48)
    stream = small + encode("sync", 0) + large + encode("sync", 4000) + small + encode("sync", 7000)
    row = _finished(context, place_recording(context, [stream + encode("sync", 10_000)]))
    assert row.facts["render"]["unrendered"] == [[4000, 7000, 20_000, 48]]
    assert (row.screen_seconds, row.read_seconds) == (10.0, 7.0)


@POSTGRESQL_LATER
def test_a_session_is_as_long_as_it_was_open(context: WorkerContext) -> None:
    """Recorded live: the last picture stands until the session was closed, in seal, video and coverage alike."""
    stream = encode("size", 0, 64, 48) + encode("sync", 1000) + encode("key", 97, 1, 3000)
    row = _finished(context, place_recording(context, [stream], ended_ms=91_000))
    assert (row.duration_ms, row.screen_seconds, row.facts["render"]["duration_ms"]) == (91_000, 91.0, 91_000)
    assert row.facts["render"]["idle"] == [[2000, 91_000]]
