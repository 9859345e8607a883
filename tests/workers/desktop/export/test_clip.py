"""A clip begins with what was on the screen at its beginning, keeps times, and holds its last frame to the end."""

from pathlib import Path

import av
import numpy as np
import pytest

from gateway.core.errors import InvalidInputError
from gateway.core.recording.geometry import Box
from workers.desktop.export.clip import cut
from workers.desktop.render.video import Patch, VideoWriter

TIMES = [0, 1000, 1100, 4000]
END_MS = 9000


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Four frames of one shade each."""
    path = tmp_path / "video.mp4"
    with VideoWriter(path, 64, 48) as writer:
        for number, at_ms in enumerate(TIMES):
            writer.add([Patch(Box(0, 0, 64, 48), np.full((48, 64, 4), 50 + 50 * number, np.uint8))], at_ms)
        writer.close(END_MS)
    return path


def shades(path: Path) -> list[tuple[int, int]]:
    """Time in ms and number of the original's frame."""
    with av.open(path) as container:
        found = []
        for frame in container.decode(video=0):
            shade = float(frame.to_ndarray(format="gray").mean())
            found.append((round((frame.time or 0) * 1000), round((shade - 50) / 50)))
        assert round((container.duration or 0) / 1000) > 0
        return found


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "expected"),
    [
        (0, END_MS, [(0, 0), (1000, 1), (1100, 2), (4000, 3)]),
        (500, 1050, [(0, 0), (500, 1)]),
        (1000, 1100, [(0, 1)]),
        (2000, 3000, [(0, 2)]),
        (3999, 4001, [(0, 2), (1, 3)]),
        (5000, END_MS, [(0, 3)]),
    ],
)
def test_a_clip_is_exact(
    video: Path, tmp_path: Path, start_ms: int, end_ms: int, expected: list[tuple[int, int]]
) -> None:
    target = tmp_path / "clip.mp4"
    clip = cut(video, target, start_ms, end_ms, lambda _share: None)
    assert clip == (len(expected), end_ms - start_ms)
    assert shades(target) == expected
    with av.open(target) as container:
        assert round((container.duration or 0) / 1000) == end_ms - start_ms


def test_a_clip_can_be_cut_from_an_open_file(video: Path, tmp_path: Path) -> None:
    with video.open("rb") as file:
        assert cut(file, tmp_path / "clip.mp4", 0, 10, lambda _share: None).frame_count == 1


@pytest.mark.parametrize(("start_ms", "end_ms"), [(-1, 5), (5, 5), (6, 5), (END_MS, END_MS + 1)])
def test_bounds_outside_are_refused_and_nothing_is_left(
    video: Path, tmp_path: Path, start_ms: int, end_ms: int
) -> None:
    with pytest.raises(InvalidInputError, match="9000 ms"):
        cut(video, tmp_path / "clip.mp4", start_ms, end_ms, lambda _share: None)
    assert not (tmp_path / "clip.mp4").exists()


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    (tmp_path / "video.mp4").write_bytes(b"not a video")
    with pytest.raises(InvalidInputError, match="cannot be read"):
        cut(tmp_path / "video.mp4", tmp_path / "clip.mp4", 0, 5, lambda _share: None)
