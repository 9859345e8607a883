import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from workers.commands.text import text

_DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.command()(text)
    return made


def test_a_recording_becomes_a_list_of_spans(app: typer.Typer, tmp_path: Path) -> None:
    output = tmp_path / "spans.json"

    done = CliRunner().invoke(app, [str(_DATA / "console-rdp.guac"), "-o", str(output), "--engine", "tesserocr"])

    assert done.exit_code == 0, done.output
    rows = json.loads(output.read_text())
    assert any("payments-perimeter" in row["text"] for row in rows)
    assert set(rows[0]) == {"text", "start_ms", "end_ms", "x", "y", "width", "height", "confidence", "source"}
    assert [row["text"] for row in rows if row["source"] == "keys"] == [
        "10446,Pinecrest Holdings,FR1420041010050500013M02606,55.00"
    ]
    assert {row["source"] for row in rows} == {"screen", "keys"}
    assert all(row["start_ms"] < row["end_ms"] for row in rows)


@pytest.mark.parametrize("content", [b"", b"this is no recording", b"4.sync,1.1;"])
def test_a_bad_file_gets_one_line_and_leaves_nothing(app: typer.Typer, tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "bad.guac"
    source.write_bytes(content)

    done = CliRunner().invoke(app, [str(source), "-o", str(tmp_path / "spans.json"), "--engine", "tesserocr"])

    assert done.exit_code == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "bad.guac" in done.stderr
    assert list(tmp_path.iterdir()) == [source]


def test_a_missing_file_is_named(app: typer.Typer, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, [str(tmp_path / "none.guac"), "-o", str(tmp_path / "x.json"), "--engine", "tesserocr"]
    )

    assert done.exit_code == 2
    assert "none.guac" in done.stderr
