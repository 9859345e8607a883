"""A video is as long as its session, and everything in it is when it happened, with or without syncs."""

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from gateway.core.desktop.guac import encode
from gateway.renditions.keyframes import KeyframeReader
from tests.workers.streams import Stream, png, solid
from workers.desktop.render import RenderReport, render, video

DATA = Path(__file__).parents[2] / "data"
HOUR = 3_600_000


def rendered(folder: Path, source: str | Stream) -> RenderReport:
    data = (DATA / f"{source}.guac").read_bytes() if isinstance(source, str) else source.data
    return render(lambda: [data], folder / "video.mp4", folder / "keyframes.zip")


def pictures(folder: Path) -> Iterator[tuple[int, NDArray[Any]]]:
    with av.open(str(folder / "video.mp4")) as container:
        for frame in container.decode(video=0):
            yield round((frame.time or 0) * 1000), frame.to_ndarray(format="rgb24")


def times(folder: Path) -> list[int]:
    return [at_ms for at_ms, _ in pictures(folder)]


def plays(folder: Path) -> bool:
    """Whether another build of FFmpeg decodes all of it."""
    command = ["ffmpeg", "-v", "error", "-xerror", "-i", str(folder / "video.mp4"), "-fps_mode", "passthrough"]
    return subprocess.run([*command, "-f", "null", "-"], check=False, capture_output=True).returncode == 0


def test_a_day_without_a_sync_is_a_day(tmp_path: Path) -> None:
    report = rendered(tmp_path, "t-idle-25h")
    assert (report.duration_ms, report.clock_jump_count) == (90_005_000, 0)
    assert report.idle == ((1000, 90_000_000),)
    assert times(tmp_path) == [0, 1000, 90_000_000]
    assert plays(tmp_path)


def test_the_session_ends_with_its_last_event(tmp_path: Path) -> None:
    report = rendered(tmp_path, "t-tail-keys")
    assert report.duration_ms == 31_420
    assert report.idle == ((1000, 31_000),)
    with KeyframeReader(tmp_path / "keyframes.zip") as reader:
        assert reader.end_ms == 31_420


def test_the_session_ends_when_it_was_closed(tmp_path: Path) -> None:
    data = (DATA / "live-guacd160-static.guac").read_bytes()
    report = render(lambda: [data], tmp_path / "video.mp4", tmp_path / "keyframes.zip", until_ms=91_000)
    assert report.duration_ms == 91_000
    assert report.idle == ((13, 83_052), (83_568, 91_000))


def test_typing_and_pointing_are_not_idle(tmp_path: Path) -> None:
    assert rendered(tmp_path, "t-mouse-nosync").idle == ()
    assert rendered(tmp_path, "t-key-after-quiet").idle == ((2000, 602_000),)


def test_the_pointer_is_filmed_where_it_moves(tmp_path: Path) -> None:
    """It has an image here; in the sample it never gets one."""
    stream = Stream(160, 120).fill(0, (0, 0, 160, 120), (255, 255, 255, 255))
    stream.img(-1, png(solid(8, 8, 255, 0, 0, 255))).add("cursor", 0, 0, -1, 0, 0, 8, 8).sync()
    moves = [(1000 + at * 1000, 10 + 10 * at) for at in range(1, 12)]
    for at_ms, x in moves:
        stream.add("mouse", x, 50, 0, 1000 + at_ms)
    rendered(tmp_path, stream)
    shown = dict(pictures(tmp_path))
    for at_ms, x in moves:
        red = shown[at_ms].astype(int)
        columns = np.flatnonzero((red[54, :, 0] > 180) & (red[54, :, 1] < 90))
        assert (columns.min(), columns.max()) == pytest.approx((x, x + 7), abs=1)


def test_what_is_drawn_but_not_shown_yet_stays_unseen_while_the_pointer_moves(tmp_path: Path) -> None:
    stream = Stream(160, 120).fill(0, (0, 0, 160, 120), (255, 255, 255, 255))
    stream.img(-1, png(solid(8, 8, 255, 0, 0, 255))).add("cursor", 0, 0, -1, 0, 0, 8, 8).sync(5000)
    stream.fill(0, (0, 0, 160, 60), (0, 0, 0, 255)).add("mouse", 100, 100, 0, 3000).sync()
    rendered(tmp_path, stream)
    shown = dict(pictures(tmp_path))
    assert shown[2000][30, 80].min() > 240
    assert shown[5000][30, 80].max() < 16


def test_a_picture_that_stands_for_days_is_written_and_plays(tmp_path: Path) -> None:
    report = rendered(tmp_path, "t-static-40h-2h")
    assert (report.duration_ms, report.frame_count) == (144_005_000, 3)
    assert times(tmp_path) == [0, 1000, 144_001_000]
    assert plays(tmp_path)


def test_a_picture_that_stands_for_longer_than_a_sample_may_last_is_repeated(tmp_path: Path) -> None:
    stream = Stream(64, 48).fill(0, (0, 0, 64, 48), (200, 0, 0, 255)).sync(60 * 24 * HOUR)
    stream.fill(0, (0, 0, 64, 48), (0, 200, 0, 255)).sync(30 * 24 * HOUR).sync()
    report = rendered(tmp_path, stream)
    most = video.MAX_SAMPLE_MS
    assert report.duration_ms == 90 * 24 * HOUR
    assert times(tmp_path) == [0, most, 2 * most, 60 * 24 * HOUR, 60 * 24 * HOUR + most]
    assert plays(tmp_path)


def test_what_comes_before_the_first_picture_is_black(tmp_path: Path) -> None:
    stream = Stream(64, 48).add("key", 97, 1, 500).fill(0, (0, 0, 64, 48), (0, 200, 0, 255)).sync()
    report = rendered(tmp_path, stream)
    assert report.duration_ms == 540
    (first_ms, first), (second_ms, second) = pictures(tmp_path)
    assert (first_ms, second_ms) == (0, 500)
    assert first.max() < 16
    assert second[20, 20, 1] > 180
    with KeyframeReader(tmp_path / "keyframes.zip") as reader:
        assert [keyframe.offset_ms for keyframe in reader.keyframes] == [500]


def test_a_sync_without_a_time_is_counted_as_a_jump(tmp_path: Path) -> None:
    report = rendered(tmp_path, "p-sync-empty")
    assert (report.duration_ms, report.clock_jump_count) == (3000, 1)


@pytest.mark.parametrize("stamps", [[0, 10**15], [5000, 1], [2**62, 3000]])
def test_stamps_that_cannot_be_true_never_lengthen_a_session(tmp_path: Path, stamps: Iterable[int]) -> None:
    stream = Stream(64, 48).fill(0, (0, 0, 64, 48), (0, 200, 0, 255)).sync()
    stream.data += b"".join(encode("mouse", 1, 1, 0, stamp) for stamp in stamps)
    assert rendered(tmp_path, stream).duration_ms <= 5000
