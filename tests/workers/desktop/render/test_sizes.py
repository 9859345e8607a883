"""Any sequence of sizes at any moment is rendered, on a canvas of the largest screen that was ever shown."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from gateway.core.errors import InvalidInputError
from gateway.renditions.keyframes import KeyframeReader
from tests.workers.streams import Stream, noise, png, shown
from workers.desktop.render import RenderReport, render
from workers.desktop.render.prescan import prescan
from workers.desktop.render.render import ScreenTooLargeError
from workers.desktop.render.unrendered import MAX_STRETCHES

DATA = Path(__file__).parents[3] / "data"


def rendered(folder: Path, data: bytes) -> RenderReport:
    return render(lambda: [data], folder / "video.mp4", folder / "keyframes.zip")


def case(folder: Path, name: str) -> RenderReport:
    return rendered(folder, (DATA / f"{name}.guac").read_bytes())


def pictures(folder: Path) -> Iterator[NDArray[Any]]:
    with av.open(str(folder / "video.mp4")) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24")


def test_a_screen_that_shrinks_before_anything_is_drawn(tmp_path: Path) -> None:
    report = case(tmp_path, "z-size-shrinks")
    assert (report.width, report.height, report.duration_ms) == (388, 844, 1540)
    with KeyframeReader(tmp_path / "keyframes.zip") as reader:
        assert {(keyframe.width, keyframe.height) for keyframe in reader.keyframes} == {(388, 844)}


def test_the_canvas_is_the_largest_size_that_was_shown(tmp_path: Path) -> None:
    stream = Stream(2560, 1440).add("size", 0, 1280, 720).fill(0, (0, 0, 1280, 720), (9, 200, 9, 255)).sync()
    report = rendered(tmp_path, stream.add("size", 0, 2560, 1440).data)
    assert (report.width, report.height) == (1280, 720)


def test_a_size_may_have_further_arguments(tmp_path: Path) -> None:
    report = case(tmp_path, "p-size-extra")
    assert (report.width, report.height, report.duration_ms) == (640, 200, 4000)


def test_a_screen_of_one_pixel(tmp_path: Path) -> None:
    report = case(tmp_path, "s-1x1")
    assert (report.width, report.height, report.duration_ms) == (2, 2, 3000)


def test_a_screen_too_large_is_refused_with_its_size_and_the_limit(tmp_path: Path) -> None:
    with pytest.raises(ScreenTooLargeError, match=r"17280x2160 .* 16384 pixels and the screen 36000000"):
        case(tmp_path, "s-17280x2160")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("size", [(16385, 1), (1, 16385), (6001, 6000), (99_999_999, 3), (3, 9_999_999_999)])
def test_stretches_in_which_the_screen_is_too_large_are_reported(tmp_path: Path, size: tuple[int, int]) -> None:
    stream = Stream(64, 48).fill(0, (0, 0, 64, 48), (200, 9, 9, 255)).sync(1000).add("size", 0, *size).sync(2000)
    stream.sync(4000).add("size", 0, 64, 48).sync(500).add("size", 0, *size).sync(1500).sync()
    report = rendered(tmp_path, stream.data)
    assert report.unrendered == ((1000, 7000, *size), (7500, 9000, *size))
    assert (report.width, report.height) == (64, 48)


def test_more_stretches_than_are_reported_one_by_one_are_one(tmp_path: Path) -> None:
    stream = Stream(8, 8).sync(1000)
    for _ in range(MAX_STRETCHES + 50):
        stream.add("size", 0, 20_000, 8).sync(1000).add("size", 0, 8, 8).sync(1000)
    report = rendered(tmp_path, stream.data)
    assert len(report.unrendered) == MAX_STRETCHES
    assert report.unrendered[-1].end_ms == report.duration_ms
    assert all(sooner.end_ms <= later.start_ms for sooner, later in pairwise(report.unrendered))


@pytest.mark.parametrize("data", [b"", b"hello", Stream(8, 8).data, Stream().sync().data, Stream(0, 9).data])
def test_what_shows_nothing_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InvalidInputError):
        rendered(tmp_path, data)


def test_a_size_in_a_text_is_no_size() -> None:
    stream = Stream(64, 48).add("log", "4.size,1.0,3.999,3.999;").sync().add("name", "4.size,1.0,1.1,1.1;4.sync,1.1;")
    for step in (1, 7, 1000):
        found = prescan(stream.data[at : at + step] for at in range(0, len(stream.data), step))
        assert (found.width, found.height, found.sync_count) == (64, 48, 1)


def test_layers_off_the_screen_never_keep_the_screen_from_its_size() -> None:
    stream = Stream(64, 48)
    for buffer in range(-1, -5, -1):
        stream.add("size", buffer, 4000, 4000)
    display, _ = shown(stream.add("size", 0, 4000, 4000))
    assert (display.width, display.height) == (4000, 4000)


SIDE = st.integers(0, 3) | st.sampled_from([15, 16, 17, 31, 32, 33, 63, 64, 65, 129])
BOX = st.tuples(st.integers(-9, 140), st.integers(-9, 140), st.integers(0, 140), st.integers(0, 140))
STEP = st.one_of(
    st.tuples(st.just("size"), st.integers(-1, 2), SIDE, SIDE),
    st.tuples(st.just("fill"), st.integers(-1, 2), BOX, st.integers(0, 255)),
    st.tuples(st.just("image"), st.integers(0, 1), st.integers(-20, 120), st.integers(1, 70)),
    st.tuples(st.just("sync"), st.sampled_from([1, 40, 70, 250, 6000])),
    st.tuples(st.just("mouse"), st.integers(-9, 150), st.integers(-9, 150), st.integers(0, 9000)),
    st.tuples(st.just("cursor"), st.integers(0, 9), st.integers(0, 40)),
    st.tuples(st.just("move"), st.integers(1, 2), st.integers(-30, 130)),
)


def streamed(steps: list[tuple[Any, ...]]) -> Stream:
    stream = Stream()
    for kind, *values in steps:
        match kind, values:
            case "size", (layer, width, height):
                stream.add("size", layer, width, height)
            case "fill", (layer, box, red):
                stream.fill(layer, box, (red, 90, 255 - red, 255))
            case "image", (layer, at, side):
                stream.img(layer, png(noise(side, side, seed=side)), at, at)
            case "sync", (step_ms,):
                stream.sync(step_ms)
            case "mouse", (x, y, at_ms):
                stream.add("mouse", x, y, 0, 1000 + at_ms)
            case "cursor", (hotspot, side):
                stream.add("cursor", hotspot, hotspot, 0, 0, 0, side, side)
            case "move", (layer, at):
                stream.add("move", layer, 0, at, at, 1)
    return stream


@settings(max_examples=120, deadline=None)
@given(SIDE, SIDE, st.lists(STEP, max_size=30))
def test_any_sequence_of_sizes_is_rendered_as_it_was_shown(
    width: int, height: int, steps: list[tuple[Any, ...]]
) -> None:
    stream = streamed(steps)
    stream.data = Stream(width, height).data + stream.sync(300).data
    scan = prescan([stream.data])
    if not scan.width or not scan.height:
        return
    last, screen = shown(stream)
    with TemporaryDirectory() as name:
        folder = Path(name)
        report = rendered(folder, stream.data)
        assert (report.width, report.height) == (scan.width + scan.width % 2, scan.height + scan.height % 2)
        film = list(pictures(folder))
        assert len(film) == report.frame_count
        with KeyframeReader(folder / "keyframes.zip") as reader:
            frames = [frame for _, frame in reader.frames()]
            assert all(frame.shape[1] <= report.width and frame.shape[0] <= report.height for frame in frames)
    if last.width and last.height:
        assert np.array_equal(frames[-1], screen)
