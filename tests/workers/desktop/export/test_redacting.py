"""A redacted copy shows every frame that was read, and nothing of what is covered; it can be played."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from gateway.core.errors import InvalidInputError
from gateway.core.recording.geometry import Box
from gateway.renditions.keyframes import Frame, KeyframeReader, KeyframeWriter
from tests.parts.recordings import DATA
from workers.desktop.export import redacting
from workers.desktop.export.covering import Cover
from workers.desktop.export.redacting import RedactionError, redact
from workers.desktop.render import render

SIZE = (64, 48)
END_MS = 5000


def noise(seed: int, size: tuple[int, int] = SIZE) -> Frame:
    """A bright picture that is nowhere black."""
    return np.random.default_rng(seed).integers(120, 256, (size[1], size[0], 3), np.uint8)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[KeyframeReader]:
    path = tmp_path / "keyframes.zip"
    with KeyframeWriter(path) as writer:
        for number, (offset_ms, size) in enumerate([(0, SIZE), (700, SIZE), (1733, (50, 30)), (1933, SIZE)]):
            whole = Box(0, 0, *size)
            writer.add(noise(number, size), offset_ms=offset_ms, damage=[whole], start_byte=0, end_byte=1)
        writer.close(END_MS)
    with KeyframeReader(path) as opened:
        yield opened


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def frames(path: Path) -> list[tuple[int, Frame]]:
    with av.open(path) as container:
        return [
            (round((frame.time or 0) * 1000), np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
            for frame in container.decode(video=0)
        ]


def nothing(_share: float) -> None:
    pass


def test_each_frame_is_covered_where_and_while_it_must_be(
    reader: KeyframeReader, tmp_path: Path, scratch: Path
) -> None:
    target = tmp_path / "copy.mp4"
    box = Box(9, 11, 13, 7)
    result = redact(reader, [Cover(box, 800, 1800, "term: a")], target, scratch, nothing)
    assert (result.frame_count, result.duration_ms, result.width, result.height) == (4, END_MS, *SIZE)
    assert result.covered_ms == 1933 - 700, "the frames during which it was visible, whole"
    shown = frames(target)
    assert [at for at, _ in shown] == [0, 700, 1733, 1933, END_MS]
    for at_ms, frame in shown:
        inside = frame[box.y : box.bottom, box.x : box.right]
        assert (inside.max() < 40) == (at_ms in {700, 1733}), at_ms
        assert frame[30:48, 0:8].max() > 100 or at_ms == 1733, "the rest is to be seen"
    with av.open(target) as container:
        assert round((container.duration or 0) / 1000) == pytest.approx(END_MS, abs=2)


def test_a_piece_can_be_copied(reader: KeyframeReader, tmp_path: Path, scratch: Path) -> None:
    target = tmp_path / "copy.mp4"
    result = redact(reader, [], target, scratch, nothing, start_ms=1000, end_ms=1900)
    assert (result.frame_count, result.duration_ms, result.covered_ms) == (2, 900, 0)
    assert [at for at, _ in frames(target)] == [0, 733, 900]


@pytest.mark.parametrize("box", [Box(-50, -50, 60, 60), Box(60, 40, 9999, 9999), Box(63, 0, 1, 48)])
def test_boxes_over_the_edge_cover_what_there_is(
    reader: KeyframeReader, tmp_path: Path, scratch: Path, box: Box
) -> None:
    target = tmp_path / "copy.mp4"
    redact(reader, [Cover(box, 0, None, "region")], target, scratch, nothing)
    inside = box.intersect(Box(0, 0, *SIZE))
    for _, frame in frames(target):
        assert frame[inside.y : inside.bottom, inside.x : inside.right].max() < 40


def test_nothing_between_the_bounds_is_said(reader: KeyframeReader, tmp_path: Path, scratch: Path) -> None:
    with pytest.raises(InvalidInputError):
        redact(reader, [], tmp_path / "copy.mp4", scratch, nothing, start_ms=END_MS)


def test_a_copy_that_is_not_black_where_it_must_be_never_counts(
    reader: KeyframeReader, tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redacting, "_mask", lambda _boxes, size: np.zeros((size[1], size[0], 4), np.uint8))
    with pytest.raises(RedactionError, match="would not be covered"):
        redact(reader, [Cover(Box(0, 0, 20, 20), 0, None, "region")], tmp_path / "copy.mp4", scratch, nothing)


def test_a_film_begins_black_where_the_first_picture_comes_later(tmp_path: Path, scratch: Path) -> None:
    path, target = tmp_path / "late.zip", tmp_path / "copy.mp4"
    with KeyframeWriter(path) as writer:
        writer.add(noise(1), offset_ms=42, damage=[Box(0, 0, *SIZE)], start_byte=0, end_byte=1)
        writer.close(1000)
    with KeyframeReader(path) as reader:
        result = redact(reader, [Cover(Box(8, 8, 8, 8), 0, None, "term: a")], target, scratch, nothing)
    assert (result.frame_count, result.duration_ms, result.covered_ms) == (2, 1000, 958)
    (first_ms, first), (second_ms, second), _ = frames(target)
    assert (first_ms, second_ms) == (0, 42)
    assert first.max() < 16
    assert second.max() > 100
    assert second[8:16, 8:16].max() < 40


def test_a_picture_of_many_days_is_covered_all_the_time(tmp_path: Path, scratch: Path) -> None:
    path, target, day_ms = tmp_path / "long.zip", tmp_path / "copy.mp4", 24 * 3_600_000
    with KeyframeWriter(path) as writer:
        writer.add(noise(1), offset_ms=0, damage=[Box(0, 0, *SIZE)], start_byte=0, end_byte=1)
        writer.close(30 * day_ms)
    with KeyframeReader(path) as reader:
        result = redact(reader, [Cover(Box(8, 8, 8, 8), 0, None, "term: a")], target, scratch, nothing)
    assert (result.duration_ms, result.covered_ms) == (30 * day_ms, 30 * day_ms)
    shown = frames(target)
    assert [at for at, _ in shown][:31] == [at * day_ms for at in range(31)]
    assert all(frame[8:16, 8:16].max() < 40 for _, frame in shown)


@pytest.mark.parametrize("sample", ["console-rdp", "terminal-vnc"])
def test_the_samples_can_be_redacted_from_their_start(tmp_path: Path, scratch: Path, sample: str) -> None:
    data, target = (DATA / f"{sample}.guac").read_bytes(), tmp_path / "copy.mp4"
    report = render(lambda: [data], None, tmp_path / "keyframes.zip")
    box = Box(100, 100, 400, 100)
    with KeyframeReader(tmp_path / "keyframes.zip") as reader:
        first_ms = reader.keyframes[0].offset_ms
        result = redact(reader, [Cover(box, 5000, 20_000, "term: a")], target, scratch, nothing)
        assert result.frame_count == len(reader.keyframes) + (first_ms > 0)
    assert result.duration_ms == report.duration_ms
    shown = frames(target)
    assert shown[0][0] == 0
    assert first_ms in [at for at, _ in shown]
    assert all(frame[100:200, 100:500].max() < 40 for at, frame in shown if 5000 <= at < 20_000)
