"""A recording becomes a video that can be decoded, with the right frames at the right times, and keyframes to read."""

import re
from collections.abc import Iterator
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from gateway.core.desktop.guac import encode
from gateway.core.errors import InvalidInputError
from gateway.renditions.keyframes import KeyframeReader
from tests.workers.streams import Stream, noise, png, solid
from workers.desktop.render import RenderReport, check, render

DATA = Path(__file__).parents[3] / "data"
Frames = list[tuple[int, NDArray[Any]]]


def rendered(folder: Path, recording: bytes, *, chunk: int = 4096) -> RenderReport:
    chunks = [recording[at : at + chunk] for at in range(0, len(recording), chunk)]
    return render(lambda: chunks, folder / "video.mp4", folder / "keyframes.zip")


def frames(folder: Path) -> Frames:
    """Times in ms and RGB pixels of the decoded video."""
    with av.open(str(folder / "video.mp4")) as container:
        decoded = container.decode(video=0)
        return [(round((frame.time or 0) * 1000), frame.to_ndarray(format="rgb24")) for frame in decoded]


def keyframe_times(folder: Path) -> list[int]:
    with KeyframeReader(folder / "keyframes.zip") as reader:
        return [keyframe.offset_ms for keyframe in reader.keyframes]


def boxes(count: int, step_ms: int) -> Stream:
    """A frame every `step_ms`, each painting another box."""
    stream = Stream(320, 240)
    for number in range(count):
        stream.fill(0, (number % 16 * 20, number // 16 * 20, 18, 18), (255, 40 * (number % 6), 0, 255)).sync(step_ms)
    return stream


def test_frames_have_the_times_and_colours_of_the_session(tmp_path: Path) -> None:
    stream = Stream(320, 240)
    for colour in ((200, 30, 30), (30, 200, 30), (30, 30, 200)):
        stream.fill(0, (0, 0, 320, 240), (*colour, 255)).sync(1234)
    report = rendered(tmp_path, stream.data)
    times, pictures = zip(*frames(tmp_path), strict=True)
    assert times == (0, 1234, 2468)
    for picture, colour in zip(pictures, ((200, 30, 30), (30, 200, 30), (30, 30, 200)), strict=True):
        assert np.abs(picture.astype(int) - colour).max() <= 4
    assert (report.frame_count, report.keyframe_count, report.duration_ms) == (3, 3, 2508)


def test_nothing_changes_and_nothing_is_written(tmp_path: Path) -> None:
    stream = Stream(320, 240).fill(0, (5, 5, 50, 50), (255, 255, 255, 255))
    for _ in range(2000):
        stream.fill(0, (5, 5, 50, 50), (255, 255, 255, 255)).sync(1800)
    report = rendered(tmp_path, stream.data)
    assert (report.frame_count, report.keyframe_count) == (1, 1)
    assert report.duration_ms == 1999 * 1800
    assert report.idle == ((0, 1999 * 1800),)


def test_fast_changes_are_at_most_25_frames_a_second_and_the_last_one_is_seen(tmp_path: Path) -> None:
    report = rendered(tmp_path, boxes(190, 7).data)
    pictures = frames(tmp_path)
    assert report.duration_ms / 40 >= report.frame_count - 1
    assert all(later[0] - sooner[0] >= 40 for sooner, later in pairwise(pictures[:-1]))
    last = pictures[-1][1][11 * 20 + 9, 189 % 16 * 20 + 9]
    assert np.abs(last.astype(int) - (255, 40 * (189 % 6), 0)).max() <= 40


@pytest.mark.parametrize("step_ms", [12, 30, 55])
def test_what_is_seen_for_half_a_second_is_in_a_keyframe(tmp_path: Path, step_ms: int) -> None:
    """A box appears, stays 500 ms while the rest of the screen changes, and goes; at many phases."""
    for phase in range(0, 420, 60):
        stream = Stream(320, 240).sync(step_ms + phase)
        for number in range(1800 // step_ms):
            green = 300 <= number * step_ms < 800 + step_ms
            stream.fill(0, (300, 220, 20, 20), (0, 255, 0, 255) if green else (0, 0, 0, 255))
            stream.fill(0, (number, 0, 40, 40), (number % 60 * 4, 9, 9, 255)).sync(step_ms)
        rendered(tmp_path, stream.data)
        with KeyframeReader(tmp_path / "keyframes.zip") as reader:
            assert any(tuple(image[230, 310]) == (0, 255, 0) for _, image in reader.frames())
            assert len(reader.keyframes) <= 2 + 60 * 30 / 200


def test_a_blinking_cursor_and_the_pointer_make_no_keyframes(tmp_path: Path) -> None:
    stream = Stream(320, 240).img(0, png(noise(320, 240))).img(-1, png(solid(9, 9, 255, 0, 0, 255)))
    stream.add("cursor", 0, 0, -1, 0, 0, 9, 9).sync(600)
    for number in range(40):
        colour = (255, 255, 255, 255) if number % 2 else (0, 0, 0, 255)
        stream.fill(0, (50, 50, 8, 16), colour).add("mouse", 100 + number, 90, 0, number).sync(600)
    report = rendered(tmp_path, stream.data)
    assert report.keyframe_count <= 4
    assert report.frame_count == 41
    pointer = frames(tmp_path)[20][1][91:97, 120:126].astype(int).mean(axis=(0, 1))
    assert np.abs(pointer - (255, 0, 0)).max() < 60


def test_blinking_alone_is_not_filmed_for_long_and_what_comes_after_it_is(tmp_path: Path) -> None:
    stream = Stream(320, 240).img(0, png(noise(320, 240))).sync(600)
    for number in range(400):
        colour = (255, 255, 255, 255) if number % 2 else (0, 0, 0, 255)
        stream.fill(0, (50, 50, 8, 16), colour).sync(600)
    report = rendered(tmp_path, stream.fill(0, (90, 90, 60, 60), (0, 255, 0, 255)).sync().data)
    assert 8 <= report.frame_count <= 14
    assert report.duration_ms == 401 * 600 + 40
    last_ms, last = frames(tmp_path)[-1]
    assert last_ms == 401 * 600
    assert last[120, 120, 1] > 220


def test_keyframes_are_the_screen_pixel_for_pixel_and_name_their_bytes(tmp_path: Path) -> None:
    first, second = noise(320, 240), noise(64, 32, seed=2)
    stream = Stream(320, 240).img(0, png(first)).sync(1000)
    begin = len(stream.data)
    stream.img(0, png(second), 100, 100).sync(1000)
    rendered(tmp_path, stream.data)
    with KeyframeReader(tmp_path / "keyframes.zip") as reader:
        assert np.array_equal(reader.frame(0), first[..., :3])
        assert np.array_equal(reader.frame(1)[100:132, 100:164], second[..., :3])
        patch = reader.keyframes[1]
        assert (patch.start_byte, patch.end_byte) == (begin, len(stream.data))
        assert [tuple(box) for box in patch.damage] == [(100, 100, 64, 32)]


def test_a_change_of_size_in_the_session_crops_nothing(tmp_path: Path) -> None:
    stream = Stream(201, 151).fill(0, (0, 0, 201, 151), (250, 250, 250, 255)).sync(500)
    stream.add("size", 0, 400, 300).fill(0, (0, 0, 400, 300), (0, 0, 250, 255)).sync(500)
    stream.add("size", 0, 200, 150).fill(0, (0, 0, 200, 150), (0, 250, 0, 255)).sync(500)
    report = rendered(tmp_path, stream.data)
    assert (report.width, report.height) == (400, 300)
    pictures = [picture for _, picture in frames(tmp_path)]
    assert pictures[0][150, 200].min() > 240
    assert pictures[0][160:, :].max() < 16
    assert np.abs(pictures[1][290, 390].astype(int) - (0, 0, 250)).max() < 8
    assert pictures[2][160:, :].max() < 16
    with KeyframeReader(tmp_path / "keyframes.zip") as reader:
        assert [(k.width, k.height) for k in reader.keyframes] == [(201, 151), (400, 300), (200, 150)]


def test_odd_sizes_are_padded_to_even(tmp_path: Path) -> None:
    report = rendered(tmp_path, Stream(33, 21).fill(0, (0, 0, 33, 21), (255, 255, 255, 255)).sync().data)
    assert (report.width, report.height) == (34, 22)
    assert frames(tmp_path)[0][1][20, 32].min() > 240


def test_the_index_stands_before_the_pictures_so_that_it_plays_while_it_loads(tmp_path: Path) -> None:
    rendered(tmp_path, boxes(5, 100).data)
    data = (tmp_path / "video.mp4").read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")


@pytest.mark.parametrize(
    ("recording", "reason"),
    [
        (b"", "empty"),
        (b"hello, world\n", "not the Guacamole protocol: expected an element length at byte 0"),
        (b"4.size,1.0,2.64,2.48;", "no whole frame"),
        (Stream(64, 48).data + b"garbage" + Stream().sync().data, "not the Guacamole protocol"),
        (Stream(0, 0).add("size", 0, 99999, 99999).sync().data, "99999x99999 pixels is larger than can be rendered"),
    ],
)
def test_a_file_that_shows_nothing_is_one_clear_line_and_leaves_nothing(
    tmp_path: Path, recording: bytes, reason: str
) -> None:
    with pytest.raises(InvalidInputError, match=reason) as caught:
        rendered(tmp_path, recording)
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_torn_tail_and_damage_behind_a_frame_are_kept_in_the_report(tmp_path: Path) -> None:
    whole = boxes(5, 100).data
    assert rendered(tmp_path, whole + b"3.img,1.").torn_tail_bytes == 8
    damaged = rendered(tmp_path, whole + b"oops;" + whole)
    assert damaged.frame_count == 5
    assert damaged.damage == f"not the Guacamole protocol: expected an element length at byte {len(whole)}"


def test_any_split_of_the_bytes_gives_the_same_result(tmp_path: Path) -> None:
    recording = boxes(12, 90).data
    reports = [rendered(tmp_path, recording, chunk=chunk) for chunk in (1, 7, 10**6)]
    assert reports[0] == reports[1] == reports[2]


def test_a_failure_while_reading_leaves_no_file(tmp_path: Path) -> None:
    recording = boxes(30, 100).data

    def broken() -> Iterator[bytes]:
        yield recording
        raise OSError("the disk is gone")

    opened = iter([iter([recording]), broken()])
    with pytest.raises(OSError, match="the disk is gone"):
        render(lambda: next(opened), tmp_path / "video.mp4", tmp_path / "keyframes.zip")
    assert not list(tmp_path.iterdir())


def test_a_video_that_is_not_what_was_meant_is_not_accepted(tmp_path: Path) -> None:
    report = rendered(tmp_path, boxes(5, 100).data)
    facts = {"width": 320, "height": 240, "frame_count": 5, "duration_ms": report.duration_ms}
    for wrong in ({"width": 322}, {"frame_count": 6}, {"duration_ms": 9999}):
        with pytest.raises(check.RenderCheckError):
            check.check_video(tmp_path / "video.mp4", **(facts | wrong))


def test_progress_grows_to_one(tmp_path: Path) -> None:
    recording, seen = boxes(50, 50).data, list[float]()
    chunks = [recording[at : at + 500] for at in range(0, len(recording), 500)]
    render(lambda: chunks, tmp_path / "video.mp4", tmp_path / "keyframes.zip", progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(seen) > 5


@pytest.mark.parametrize("sample", ["console-rdp", "terminal-vnc"])
def test_the_samples_render_whole_small_and_legible(tmp_path: Path, sample: str) -> None:
    recording = (DATA / f"{sample}.guac").read_bytes()
    report = rendered(tmp_path, recording, chunk=65536)
    assert not report.skipped
    assert report.video_bytes < 600_000
    shown = dict(frames(tmp_path))
    with KeyframeReader(tmp_path / "keyframes.zip") as reader:
        for keyframe, image in reader.frames():
            if keyframe.offset_ms in shown:
                difference = np.abs(shown[keyframe.offset_ms][:800, :1280].astype(int) - image).mean()
                assert difference < 3
        assert len(reader.keyframes) <= report.frame_count


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    """The stream is made while it is read; 20 times the length may cost the index of the frames and no more."""
    assert _peak_kilobytes(tmp_path, 3000) - _peak_kilobytes(tmp_path, 150) < 32 * 1024


def _peak_kilobytes(folder: Path, frames: int) -> int:
    """What a process of its own takes at most to render so many frames: in this one, others have taken more."""
    process = get_context("spawn").Process(target=_render_session, args=(folder, frames))
    process.start()
    process.join()
    assert process.exitcode == 0
    return int((folder / "peak").read_text())


def _render_session(folder: Path, frames: int) -> None:
    def session() -> Iterator[bytes]:
        yield Stream(640, 480).data
        for number in range(frames):
            box = encode("rect", 0, number * 7 % 600, number * 3 % 440, 30, 30)
            yield box + encode("cfill", 14, 0, number % 256, 0, 99, 255) + encode("sync", 1000 + 150 * number)

    render(session, folder / "video.mp4", folder / "keyframes.zip")
    # Not `ru_maxrss`: Linux counts in what the process was before exec(2), a copy of this one.
    [peak] = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    (folder / "peak").write_text(peak)


def test_keyframes_alone_are_the_same_without_a_video(tmp_path: Path) -> None:
    recording = (DATA / "terminal-vnc.guac").read_bytes()[:150_000]
    (tmp_path / "filmed").mkdir()
    filmed = rendered(tmp_path / "filmed", recording)
    report = render(lambda: [recording], None, tmp_path / "keyframes.zip")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["keyframes.zip"]
    assert (report.video_bytes, report.frame_count) == (0, 0)
    assert (report.duration_ms, report.keyframe_count) == (filmed.duration_ms, filmed.keyframe_count)
    with KeyframeReader(tmp_path / "keyframes.zip") as alone, KeyframeReader(tmp_path / "filmed/keyframes.zip") as both:
        assert list(alone.keyframes) == list(both.keyframes)
        for number in range(report.keyframe_count):
            assert np.array_equal(alone.frame(number), both.frame(number))
