import json
from pathlib import Path

import pytest

from tests.parts.program import reelgate

_DATA = Path(__file__).parents[2] / "data"


def test_a_recording_becomes_a_list_of_spans(tmp_path: Path) -> None:
    output = tmp_path / "spans.json"

    done = reelgate("text", str(_DATA / "console-rdp.guac"), "-o", str(output), "--engine", "tesserocr")

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
def test_a_bad_file_gets_one_line_and_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "bad.guac"
    source.write_bytes(content)

    done = reelgate("text", str(source), "-o", str(tmp_path / "spans.json"), "--engine", "tesserocr")

    assert done.exit_code == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "bad.guac" in done.stderr
    assert list(tmp_path.iterdir()) == [source]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    done = reelgate("text", str(tmp_path / "none.guac"), "-o", str(tmp_path / "x.json"), "--engine", "tesserocr")

    assert done.exit_code == 2
    assert "none.guac" in done.stderr


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("w-big44-login", ["Administrator", "Sign in options"]),
        ("g-ip14", ["10.0.0.17 192.168.1.254:3389 fe80::1"]),
        ("s-1x1", []),
    ],
)
def test_large_letters_blanks_between_digits_and_the_smallest_screen(
    tmp_path: Path, name: str, texts: list[str]
) -> None:
    output = tmp_path / "spans.json"

    done = reelgate("text", str(_DATA / f"{name}.guac"), "-o", str(output), "--engine", "paired")

    assert done.exit_code == 0, done.output
    read = [row["text"] for row in json.loads(output.read_text())]
    assert set(texts) <= set(read)
    assert name == "g-ip14" or read == texts
