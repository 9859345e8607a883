"""Long commands on a terminal: a bar while they work; Ctrl-C is one line, leaves nothing half-made, and a second run works."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.core.work import WorkState
from gateway.db.columns import utc_now
from gateway.db.models import Recording, Stage, Task
from gateway.db.repositories import recordings
from tests.parts.database import upgrade
from tests.parts.program import reelgate
from tests.parts.recordings import DATA, halves, place_recording, place_sealed, small_original
from tests.parts.terminal import Terminal
from tests.workers.conftest import make_settings
from workers import stages as pipeline
from workers.running.work import WorkerContext
from workers.tier.expiry import expire_hot_copies

_HELD = "tests.parts.held"
# So many frames take seconds to draw and to read.
_LONG_ENOUGH = 50


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerContext]:
    (tmp_path / "tmp").mkdir()
    settings = make_settings(tmp_path / "data")
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    settings.data_dir.mkdir()
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    yield context
    context.database.close()


def environment(folder: Path) -> dict[str, str]:
    return {
        "REELGATE_DATA_DIR": str(folder / "data"),
        "REELGATE_OCR_ENGINE": "tesserocr",
        "TMPDIR": str(folder / "tmp"),
    }


def interrupted(terminal: Terminal, at: str, said: str = "reelgate: interrupted") -> None:
    """Press Ctrl-C when `at` is on the screen; the command ends with one line."""
    terminal.wait_for(at)
    terminal.interrupt()
    assert terminal.ended() == 130, terminal.shown()
    after = terminal.shown().rpartition("reelgate: ")
    assert f"{after[1]}{after[2]}".startswith(said)
    assert after[2].count("\n") == 1
    assert "Traceback" not in terminal.shown()


def assert_nothing_is_left(context: WorkerContext, folder: Path, *files: str) -> None:
    assert {path.name for path in folder.iterdir()} == {"data", "tmp", *files}
    assert list((folder / "tmp").iterdir()) == []
    for scratch in context.settings.data_dir.rglob(".work"):
        assert list(scratch.iterdir()) == []
    with context.database.read() as session:
        assert session.exec(select(Stage).where(Stage.state == WorkState.RUNNING)).all() == []
        assert session.exec(select(Task).where(Task.state == WorkState.RUNNING)).all() == []
        for row in (*session.exec(select(Stage)), *session.exec(select(Task))):
            assert row.attempt_count <= 1
            assert row.lease_owner is None


def sealed(context: WorkerContext) -> Recording:
    recording = place_recording(context, halves(small_original(3)))
    assert pipeline.run_next(context, recording.id)
    return recording


@pytest.mark.parametrize("command", ["render", "text"])
def test_a_file_is_rendered_or_read(context: WorkerContext, tmp_path: Path, command: str) -> None:
    source, output = DATA / "console-rdp.guac", tmp_path / "out"
    with Terminal(command, source, "-o", output, environment=environment(tmp_path)) as terminal:
        interrupted(terminal, "render console-rdp.guac")
        assert "━" in terminal.shown()
    assert_nothing_is_left(context, tmp_path)
    small = tmp_path / "small.guac"
    small.write_bytes(small_original(3))
    assert reelgate(command, small, "-o", output).exit_code == 0
    assert output.stat().st_size > 0


def test_an_import_goes_on_where_it_was(context: WorkerContext, tmp_path: Path) -> None:
    source = tmp_path / "in.guac"
    source.write_bytes(small_original(_LONG_ENOUGH))
    arguments = ("import", source, "--target", "t", "--wait")
    with Terminal(*arguments, environment=environment(tmp_path)) as terminal:
        interrupted(terminal, "render", "reelgate: interrupted; recording ")
    assert_nothing_is_left(context, tmp_path, "in.guac")
    with context.database.read() as session:
        [recording] = session.exec(select(Recording)).all()
    again = reelgate(*arguments)
    assert (again.exit_code, again.stdout) == (0, f"{recording.id} searchable\n"), again.output
    assert reelgate(*arguments).exit_code == 2


def test_a_reading_is_given_back(context: WorkerContext, tmp_path: Path) -> None:
    recording = place_recording(context, [small_original(_LONG_ENOUGH)])
    pipeline.advance(context, recording.id)
    with Terminal("reread", recording.id, "--wait", environment=environment(tmp_path)) as terminal:
        interrupted(terminal, "ocr")
    assert_nothing_is_left(context, tmp_path)
    assert reelgate("reread", recording.id, "--wait").exit_code == 0


def test_verifying_writes_down_only_what_was_looked_at(context: WorkerContext, tmp_path: Path) -> None:
    sealed(context)
    arguments = ("workers.commands.verify:verify_recording", "verify", "--all")
    with Terminal(*arguments, environment=environment(tmp_path), module=_HELD) as terminal:
        interrupted(terminal, "held")
        assert "━" in terminal.shown()
    assert_nothing_is_left(context, tmp_path)
    assert "\n1 whole, 0 damaged, 0 unknown; archive not checked\n" in reelgate("verify", "--all").stdout


def test_an_export_leaves_no_half_file(context: WorkerContext, tmp_path: Path) -> None:
    recording = place_recording(context, halves(small_original(3)))
    pipeline.advance(context, recording.id)
    arguments = ("workers.commands.export:publish", "export", recording.id, "-o", tmp_path / "out.zip")
    with Terminal(*arguments, environment=environment(tmp_path), module=_HELD) as terminal:
        interrupted(terminal, "held")
        assert "exporting" in terminal.shown()
    assert_nothing_is_left(context, tmp_path)
    assert reelgate("export", recording.id, "-o", tmp_path / "out.zip").exit_code == 0


def test_a_restore_stays_requested(context: WorkerContext, tmp_path: Path) -> None:
    recording = place_sealed(context, [small_original(2)])
    assert pipeline.run_next(context, recording.id)
    with context.database.write() as session:
        row = recordings.get(session, recording.id)
        row.hot_until_at = utc_now()
        session.add(row)
    assert expire_hot_copies(context) == 1
    arguments = ("workers.restore.work:publish", "restore", recording.id, "--wait")
    with Terminal(*arguments, environment=environment(tmp_path), module=_HELD) as terminal:
        interrupted(terminal, "held", "reelgate: interrupted; the restore stays ordered")
        assert "restoring" in terminal.shown()
    assert_nothing_is_left(context, tmp_path)
    done = reelgate("restore", recording.id, "--wait")
    assert done.exit_code == 0, done.output


def test_a_comparison_stays_requested(context: WorkerContext, tmp_path: Path) -> None:
    arguments = ("workers.reconcile.task:reconcile", "reconcile")
    with Terminal(*arguments, environment=environment(tmp_path), module=_HELD) as terminal:
        interrupted(terminal, "held", "reelgate: interrupted; it stays ordered")
        assert "comparing" in terminal.shown()
    assert_nothing_is_left(context, tmp_path)
    assert reelgate("reconcile").exit_code == 0
    with context.database.read() as session:
        assert len(session.exec(select(Task)).all()) == 1


def test_what_is_piped_has_no_bar(context: WorkerContext, tmp_path: Path) -> None:
    assert context
    source = tmp_path / "small.guac"
    source.write_bytes(small_original(3))
    done = reelgate("import", source, "--target", "t", "--started-at", "2026-03-01", "--wait")
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    assert all(char.isprintable() or char == "\n" for char in done.output)
