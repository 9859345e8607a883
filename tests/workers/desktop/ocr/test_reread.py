"""Reading again: old spans until the new are whole, a new archived copy, and the command."""

from collections.abc import Iterator
from io import StringIO

import pytest
from sqlmodel import select

from gateway.audit import AuditTag
from gateway.core.errors import ConflictError
from gateway.core.recording.layout import SPANS
from gateway.core.recording.states import SpanSource, Tier
from gateway.core.work import StageName, WorkState
from gateway.db.columns import utc_now
from gateway.db.models import AuditEvent, Recording, Span
from gateway.db.repositories import recordings, stages
from gateway.settings import Settings, get_settings
from gateway.storage.local import sha256_of
from gateway.work import stages as gateway_pipeline
from tests.parts.long import POSTGRESQL_LATER
from tests.parts.program import reelgate
from tests.parts.recordings import ignore_job, place_recording, small_original
from tests.workers.streams import Stream
from workers import stages as pipeline
from workers.commands.reread import reread as command
from workers.reconcile.work import reconcile
from workers.running.work import WorkerContext
from workers.tier.expiry import expire_hot_copies

pytestmark = POSTGRESQL_LATER


@pytest.fixture(scope="module")
def original() -> bytes:
    """A little of the sample, and a line typed after it."""
    typed = Stream()
    for character in "passwd root\r":
        typed.add("key", 0xFF0D if character == "\r" else ord(character), 1)
    return small_original(4) + typed.data


@pytest.fixture
def recording(context: WorkerContext, original: bytes) -> Recording:
    placed = place_recording(context, [original])
    pipeline.advance(context, placed.id)
    return placed


def read_again(context: WorkerContext, recording: Recording, engine: str | None = None) -> None:
    with context.database.write() as session:
        gateway_pipeline.reread(session, recording, ignore_job, engine=engine)


def spans_of(context: WorkerContext, recording: Recording) -> list[tuple[SpanSource, str]]:
    with context.database.read() as session:
        rows = session.exec(select(Span).where(Span.recording_id == recording.id).order_by(Span.text)).all()
        return [(row.source, row.text) for row in rows]


def row_of(context: WorkerContext, recording: Recording) -> Recording:
    with context.database.read() as session:
        return recordings.get(session, recording.id)


def states_of(context: WorkerContext, recording: Recording) -> dict[StageName, WorkState]:
    with context.database.read() as session:
        return {name: row.state for name, row in stages.of_recording(session, recording.id).items()}


def spoil_spans(context: WorkerContext, recording: Recording) -> None:
    """As if an older engine had read them."""
    with context.database.write() as session:
        for row in session.exec(select(Span).where(Span.recording_id == recording.id)):
            row.text = "old"
            session.add(row)


def test_typed_text_is_indexed_and_the_coverage_is_on_the_row(context: WorkerContext, recording: Recording) -> None:
    assert (SpanSource.KEYS, "passwd root") in spans_of(context, recording)
    row = row_of(context, recording)
    facts = row.facts["ocr"]
    assert (row.facts["text"]["keys"], row.facts["text"]["spans"]) == (1, 1)
    assert facts["spans"] + 1 == len(spans_of(context, recording))
    assert facts["coverage"]["gaps"] == []
    assert (row.screen_seconds, row.read_seconds) == (
        facts["coverage"]["screen_seconds"],
        facts["coverage"]["read_seconds"],
    )
    assert row.screen_seconds == pytest.approx((row.duration_ms or 0) / 1000)
    assert row.read_seconds is not None
    assert 0 < row.read_seconds <= (row.screen_seconds or 0)


def test_old_spans_stay_until_the_new_are_whole(context: WorkerContext, recording: Recording) -> None:
    spoil_spans(context, recording)
    read_again(context, recording)
    assert list(states_of(context, recording).values()) == ["done", "done", *["pending"] * 4]
    assert pipeline.run_next(context, recording.id)
    assert {text for _source, text in spans_of(context, recording)} == {"old"}
    pipeline.advance(context, recording.id)
    assert set(states_of(context, recording).values()) == {WorkState.DONE}
    assert "old" not in {text for _source, text in spans_of(context, recording)}
    assert spans_of(context, recording)


def test_what_fails_leaves_the_old_text_to_be_searched(context: WorkerContext, recording: Recording) -> None:
    spoil_spans(context, recording)
    read_again(context, recording, "no-such-engine")
    pipeline.advance(context, recording.id)
    with context.database.read() as session:
        failed = stages.of_recording(session, recording.id)[StageName.OCR]
    assert failed.state is WorkState.FAILED
    assert "no-such-engine" in (failed.error or "")
    assert {text for _source, text in spans_of(context, recording)} == {"old"}
    read_again(context, recording)
    pipeline.advance(context, recording.id)
    assert set(states_of(context, recording).values()) == {WorkState.DONE}


def test_an_archived_recording_gets_its_new_text_archived_and_nothing_else_stays(
    context: WorkerContext, recording: Recording
) -> None:
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        row.hot_until_at = utc_now()
        session.add(row)
        before = recordings.archive_object(session, recording.id, SPANS)
    assert before is not None
    assert expire_hot_copies(context) == 1
    assert row_of(context, recording).tier is Tier.ARCHIVE
    # Another engine gives other bytes: confidences differ.
    read_again(context, recording, "pytesseract")
    pipeline.advance(context, recording.id)
    with context.database.read() as session:
        after = recordings.archive_object(session, recording.id, SPANS)
        rendition = next(row for row in recordings.renditions(session, recording.id) if row.name == SPANS)
    assert after is not None
    assert after.sha256 == rendition.stored_sha256 != before.sha256
    assert after.content_sha256 == rendition.sha256 != before.content_sha256
    assert rendition.engine.startswith("pytesseract")
    assert sha256_of(context.files.archive.open_range(after.key))[0] == after.sha256
    assert row_of(context, recording).tier is Tier.ARCHIVE
    assert not context.files.folder(recording).exists()
    assert not reconcile(context).found


def test_nothing_is_read_again_while_anything_runs_or_before_there_is_a_picture(context: WorkerContext) -> None:
    placed = place_recording(context, [])
    with pytest.raises(ConflictError, match="seal is not done"):
        read_again(context, placed)
    with context.database.write() as session:
        row = stages.of_recording(session, placed.id)[StageName.SEAL]
        row.state = WorkState.RUNNING
        session.add(row)
    with pytest.raises(ConflictError, match="seal is running"):
        read_again(context, placed)


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("REELGATE_OCR_ENGINE", "tesserocr")
    monkeypatch.setenv("REELGATE_DATABASE_URL", settings.database)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.mark.usefixtures("environment")
def test_the_command_reads_again_here_and_is_audited(context: WorkerContext, recording: Recording) -> None:
    spoil_spans(context, recording)
    done = reelgate("reread", recording.id, "--wait", "--engine", "tesserocr")
    assert (done.exit_code, done.stdout) == (0, f"{recording.id} searchable\n"), done.output
    assert "old" not in {text for _source, text in spans_of(context, recording)}
    with context.database.read() as session:
        event = session.exec(
            select(AuditEvent).where(AuditEvent.tag == AuditTag.RECORDING_REREAD_BY_COMMAND.value)
        ).one()
    assert (event.subject_id, event.details) == (recording.id, {"engine": "tesserocr"})


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("environment")
def test_a_terminal_shows_how_far_it_is(
    context: WorkerContext, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    command(None, everything=True, engine="tesserocr", wait=True)
    shown = terminal.getvalue()
    assert all(f"1/1 {name}" in shown for name in ("ocr", "index", "tier"))
    assert "100%" in shown
    assert "render" not in shown
    assert set(states_of(context, recording).values()) == {WorkState.DONE}


@pytest.mark.usefixtures("environment")
def test_all_goes_on_past_those_that_cannot_be_read(
    context: WorkerContext, recording: Recording, original: bytes
) -> None:
    other = place_recording(context, [original])
    pipeline.run_next(context, other.id)  # sealed, not rendered
    done = reelgate("reread", "--all", "--wait")
    assert done.exit_code == 1
    assert done.stdout == f"{recording.id} searchable\n"
    assert f"{other.id}: there is nothing to read yet: render is not done" in done.stderr


@pytest.mark.usefixtures("environment", "context")
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "name one recording, or use --all"),
        (["x", "--all"], "name one recording, or use --all"),
        (["x"], "there is no recording x"),
        (["x", "--engine", "abacus"], "there is no engine abacus; use one of"),
    ],
)
def test_a_bad_call_is_one_line(arguments: list[str], reason: str) -> None:
    done = reelgate("reread", *arguments)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"reelgate: {reason}")
    assert len(done.stderr.splitlines()) == 1
