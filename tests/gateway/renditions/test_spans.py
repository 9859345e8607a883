import gzip
import json
from pathlib import Path

import pytest

from gateway.core.errors import InvalidInputError, NotFoundError
from gateway.core.recording.geometry import Box
from gateway.core.recording.states import SpanSource
from gateway.core.recording.transfer import Direction, Transfer, TransferEnd
from gateway.renditions.spans import Span, SpanWord, SpanWriter, read_spans

_SPANS = [
    Span(
        "naïve <b>0</b>",
        Box(1, 2, 30, 12),
        0,
        1500,
        0.91,
        3,
        10,
        90,
        (SpanWord("naïve", Box(1, 2, 9, 12)),),
        ("nalve",),
    ),
    Span("second", Box(0, 0, 5, 5), 500, 900, 0.5, 4, 90, 95),
    Span(
        "a.csv",
        None,
        500,
        900,
        1.0,
        -1,
        90,
        95,
        source=SpanSource.FILE,
        transfer=Transfer(Direction.TO_TARGET, TransferEnd.REFUSED, "text/csv", 7, "ab"),
    ),
    Span("x", None, 1, 2, 1.0, -1, 0, 9, transfer=Transfer(None, TransferEnd.CUT, "text/plain", 7)),
]


def _write(path: Path) -> bytes:
    with SpanWriter(path) as writer:
        for span in _SPANS:
            writer.add(span)
        assert not path.exists()
        writer.close()
    return path.read_bytes()


def test_spans_come_back_as_they_were(tmp_path: Path) -> None:
    _write(tmp_path / "spans.jsonl.gz")

    assert list(read_spans(tmp_path / "spans.jsonl.gz")) == _SPANS


def test_a_line_names_the_kind_of_its_place_once(tmp_path: Path) -> None:
    _write(tmp_path / "spans.jsonl.gz")

    with gzip.open(tmp_path / "spans.jsonl.gz") as file:
        first, _, typed, _ = map(json.loads, file)
    assert first["place"] == {"kind": "box", "x": 1, "y": 2, "width": 30, "height": 12}
    assert first["words"] == [["naïve", [1, 2, 9, 12]]]
    assert typed["place"] is None


def test_a_place_of_an_unknown_kind_is_damage(tmp_path: Path) -> None:
    _write(tmp_path / "spans.jsonl.gz")
    lines = gzip.decompress((tmp_path / "spans.jsonl.gz").read_bytes())
    (tmp_path / "other.gz").write_bytes(gzip.compress(lines.replace(b'"box"', b'"orbit"', 1)))

    with pytest.raises(InvalidInputError, match="damaged"):
        list(read_spans(tmp_path / "other.gz"))


def test_the_same_spans_give_the_same_bytes(tmp_path: Path) -> None:
    assert _write(tmp_path / "one.gz") == _write(tmp_path / "two.gz")


def _fail_while_writing(path: Path) -> None:
    with SpanWriter(path) as writer:
        writer.add(_SPANS[0])
        raise RuntimeError


def test_an_error_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        _fail_while_writing(tmp_path / "spans.jsonl.gz")

    assert list(tmp_path.iterdir()) == []


def test_damage_is_reported_and_not_read(tmp_path: Path) -> None:
    whole = _write(tmp_path / "spans.jsonl.gz")
    torn = tmp_path / "torn.gz"
    for data in (whole[:-12], b"no gzip at all", whole[:20] + b"\xff" + whole[21:]):
        torn.write_bytes(data)
        with pytest.raises(InvalidInputError, match="damaged"):
            list(read_spans(torn))
    with pytest.raises(NotFoundError):
        list(read_spans(tmp_path / "none.gz"))
