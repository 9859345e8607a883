"""Keyframes written are the keyframes read, and a damaged file is refused clearly."""

import contextlib
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from gateway.core.errors import InvalidInputError, NotFoundError, ReelgateError
from gateway.core.recording.geometry import Box, covering
from gateway.renditions.keyframes import INDEX_NAME, WHOLE_EVERY, Frame, KeyframeReader, KeyframeWriter


def _session(count: int) -> list[tuple[Frame, Box]]:
    """Frames of 40x30, each with one box drawn over the one before."""
    random = np.random.default_rng(7)
    frame = random.integers(0, 256, (30, 40, 3), np.uint8)
    frames = [(frame, Box(0, 0, 40, 30))]
    for _ in range(count - 1):
        x, y = int(random.integers(0, 35)), int(random.integers(0, 25))
        frame = frame.copy()
        frame[y : y + 4, x : x + 5] = random.integers(0, 256, (4, 5, 3), np.uint8)
        frames.append((frame, Box(x, y, 5, 4)))
    return frames


def _write(path: Path, frames: list[tuple[Frame, Box]]) -> None:
    with KeyframeWriter(path) as writer:
        for number, (frame, box) in enumerate(frames):
            writer.add(frame, offset_ms=number * 400, damage=[box], start_byte=number * 10, end_byte=number * 10 + 9)
        writer.close(len(frames) * 400)


def test_frames_come_back_pixel_for_pixel_one_after_the_other_and_by_number(tmp_path: Path) -> None:
    frames = _session(WHOLE_EVERY * 2 + 5)
    _write(tmp_path / "keyframes.zip", frames)
    with KeyframeReader(tmp_path / "keyframes.zip") as reader:
        read = list(reader.frames())
        assert len(read) == len(frames)
        for (keyframe, image), (frame, box) in zip(read, frames, strict=True):
            assert np.array_equal(image, frame)
            assert keyframe.damage == (box,)
        for number in (0, 1, WHOLE_EVERY - 1, WHOLE_EVERY, WHOLE_EVERY + 1, len(frames) - 1):
            assert np.array_equal(reader.frame(number), frames[number][0])


def test_a_keyframe_knows_its_time_and_its_origin(tmp_path: Path) -> None:
    _write(tmp_path / "keyframes.zip", _session(3))
    with KeyframeReader(tmp_path / "keyframes.zip") as reader:
        assert [(k.offset_ms, k.end_ms) for k in reader.keyframes] == [(0, 400), (400, 800), (800, 1200)]
        assert (reader.keyframes[1].start_byte, reader.keyframes[1].end_byte) == (10, 19)
        assert [reader.at(ms).number for ms in (-5, 0, 399, 400, 99999)] == [0, 0, 0, 1, 2]


def test_patches_are_small_and_a_whole_image_comes_often_enough_to_seek(tmp_path: Path) -> None:
    _write(tmp_path / "keyframes.zip", _session(WHOLE_EVERY + 2))
    with zipfile.ZipFile(tmp_path / "keyframes.zip") as archive:
        rows = json.loads(archive.read(INDEX_NAME))["keyframes"]
        assert [number for number, row in enumerate(rows) if row["whole"]] == [0, WHOLE_EVERY]
        assert archive.getinfo("000001-00.png").file_size < archive.getinfo("000000-00.png").file_size / 10


def test_a_new_size_makes_a_whole_frame(tmp_path: Path) -> None:
    small, large = np.full((30, 40, 3), 9, np.uint8), np.full((50, 60, 3), 200, np.uint8)
    _write(tmp_path / "keyframes.zip", [(small, Box(0, 0, 40, 30)), (large, Box(1, 1, 2, 2))])
    with KeyframeReader(tmp_path / "keyframes.zip") as reader:
        assert reader.keyframes[1].damage == (Box(0, 0, 60, 50),)
        assert np.array_equal(reader.frame(1), large)


def test_nothing_stays_behind_when_the_writer_fails(tmp_path: Path) -> None:
    black = np.zeros((2, 2, 3), np.uint8)
    with KeyframeWriter(tmp_path / "keyframes.zip") as writer:
        writer.add(black, offset_ms=5, damage=[], start_byte=0, end_byte=0)
        with pytest.raises(InvalidInputError, match="order of their time"):
            writer.add(black, offset_ms=4, damage=[], start_byte=0, end_byte=0)
    assert not list(tmp_path.iterdir())


def test_a_missing_file_and_a_missing_number_are_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        KeyframeReader(tmp_path / "none.zip")
    _write(tmp_path / "keyframes.zip", _session(2))
    with KeyframeReader(tmp_path / "keyframes.zip") as reader, pytest.raises(NotFoundError):
        reader.frame(2)


@pytest.mark.parametrize(
    "change",
    [
        {"width": 2_000_000_000},
        {"width": 39},
        {"damage": [[0, 0, 4000, 1]]},
        {"damage": [[-1, 0, 5, 5]]},
        {"damage": "no"},
        {"damage": None},
        {"offset_ms": -1},
        {"offset_ms": 10**9},
        {"offset_ms": float("inf")},
        {"whole": False},
    ],
)
def test_an_index_that_lies_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    _write(tmp_path / "keyframes.zip", _session(1))
    with zipfile.ZipFile(tmp_path / "keyframes.zip") as archive:
        index = json.loads(archive.read(INDEX_NAME))
        image = archive.read("000000-00.png")
    index["keyframes"][0] |= change
    forged = io.BytesIO()
    with zipfile.ZipFile(forged, "w") as archive:
        archive.writestr(INDEX_NAME, json.dumps(index))
        archive.writestr("000000-00.png", image)
    with pytest.raises(InvalidInputError, match="damaged"):
        _read_all(forged)


def test_a_deflated_entry_is_refused_before_it_is_inflated() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(INDEX_NAME, b" " * 10_000_000)
    with pytest.raises(InvalidInputError, match="larger than it may be"):
        KeyframeReader(bomb)


@settings(max_examples=150, deadline=None)
@given(at=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255), cut=st.floats(0, 1))
def test_a_flipped_byte_or_a_cut_end_raises_nothing_but_our_own_error(
    tmp_path_factory: pytest.TempPathFactory, at: float, value: int, cut: float
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.zip"
    if not path.exists():
        _write(path, _session(3))
    data = bytearray(path.read_bytes())
    data[int(at * len(data))] = value
    for damaged in (bytes(data), bytes(data[: int(cut * len(data))])):
        with contextlib.suppress(ReelgateError):
            _read_all(io.BytesIO(damaged))


def _read_all(source: io.BytesIO) -> None:
    with KeyframeReader(source) as reader:
        for _ in reader.frames():
            pass


@given(
    boxes=st.lists(st.builds(Box, *(st.integers(0, 60) for _ in range(2)), *(st.integers(1, 30) for _ in range(2)))),
    limit=st.integers(1, 5),
)
def test_covering_boxes_are_few_and_leave_nothing_out(boxes: list[Box], limit: int) -> None:
    kept = covering(boxes, limit)
    assert len(kept) <= limit
    assert all(any(outer.contains(box) for outer in kept) for box in boxes)
