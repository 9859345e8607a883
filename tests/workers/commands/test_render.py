"""`reelgate render`: a video and a summary, or one clear line and nothing left behind."""

import json
from pathlib import Path

import pytest
from typer.testing import Result

from tests.parts.program import reelgate
from tests.workers.streams import Stream


def run(*arguments: str | Path) -> Result:
    return reelgate("render", *arguments)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "in.guac"
    path.write_bytes(Stream(64, 48).fill(0, (0, 0, 9, 9), (255, 0, 0, 255)).sync().sync().add("arc", 0).data)
    return path


def test_json_says_what_was_made(recording: Path, tmp_path: Path) -> None:
    result = run(recording, "-o", tmp_path / "out.mp4", "--json")
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert (said["width"], said["height"], said["duration_ms"]) == (64, 48, 100)
    assert (said["frames"], said["skipped"]) == (1, {"arc": 1})
    assert said["bytes"] == (tmp_path / "out.mp4").stat().st_size
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.guac", "out.mp4"]


def test_a_person_gets_one_line(recording: Path, tmp_path: Path) -> None:
    result = run(recording, "-o", tmp_path / "out.mp4")
    assert result.stdout.count("\n") == 1
    assert "64x48" in result.stdout
    assert "1 arc" in result.stdout


@pytest.mark.parametrize("problem", ["missing", "folder", "not a recording", "no folder to write to", "itself"])
def test_a_bad_file_is_one_line_on_stderr_status_2_and_nothing_left(
    recording: Path, tmp_path: Path, problem: str
) -> None:
    original = recording.read_bytes()
    (tmp_path / "text").write_text("hello")
    source = {"missing": tmp_path / "none.guac", "folder": tmp_path, "not a recording": tmp_path / "text"}
    output = {"no folder to write to": tmp_path / "none/out.mp4", "itself": recording}
    result = run(source.get(problem, recording), "-o", output.get(problem, tmp_path / "out.mp4"))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.guac", "text"]
    assert recording.read_bytes() == original
