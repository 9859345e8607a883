"""What is drawn together, and that its images are decoded before it is its turn."""

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, strategies as st

from gateway.core.desktop.clock import SessionClock
from gateway.core.desktop.guac import Instruction
from tests.workers.streams import Stream, instructions, noise, png, solid
from workers.desktop.display import AheadDecoder, ahead
from workers.desktop.render.frames import TOGETHER_MS, Frame, foreseen, frames


def grouped(stream: Iterable[Instruction]) -> list[Frame]:
    return list(frames(stream, SessionClock()))


def syncs(*steps_ms: int) -> list[Instruction]:
    stream = Stream(8, 8)
    for step_ms in steps_ms:
        stream.fill(0, (0, 0, 1, 1), (9, 9, 9, 255)).sync(step_ms)
    return instructions(stream.data)


def test_close_syncs_are_one_and_their_time_is_the_last_ones() -> None:
    found = grouped(syncs(20, 20, 300, 50, TOGETHER_MS, 1))
    assert [(frame.start_ms, frame.offset_ms, frame.sync_count) for frame in found] == [
        (0, 40, 3),
        (340, 390, 2),
        (450, 450, 1),
    ]


def test_a_screen_that_never_rests_is_still_shown() -> None:
    found = grouped(syncs(*[7] * 200))
    assert all(frame.offset_ms - frame.start_ms < TOGETHER_MS for frame in found)
    assert sum(frame.sync_count for frame in found) == 200
    assert len(found) >= 200 * 7 // (TOGETHER_MS + 7)


@given(st.lists(st.integers(0, 200), max_size=40), st.integers(0, 3))
def test_nothing_is_left_out_and_the_task_stays(steps_ms: list[int], rest: int) -> None:
    stream = syncs(*steps_ms) + [Instruction("nop", ())] * rest
    found = grouped(stream)
    assert [instruction for frame in found for instruction in frame.instructions] == stream
    assert all(bool(frame.sync_count) == (frame.instructions[-1].opcode == "sync") for frame in found)


@pytest.mark.parametrize("opcode", ["nop", "sync"])
def test_a_stream_whose_time_stands_still_is_cut_in_pieces(opcode: str) -> None:
    found = grouped([Instruction("sync", ("1",))] + [Instruction(opcode, ("1",))] * 20_000)
    assert max(len(frame.instructions) for frame in found) <= 4097
    long = [Instruction("nop", (), at << 20, (at + 1) << 20) for at in range(64)]
    assert max(len(frame.instructions) for frame in grouped(long)) <= 4


def test_the_images_of_a_frame_are_there_when_it_is_drawn() -> None:
    pictures = [png(noise(16, 16, seed=seed)) for seed in range(30)]
    stream = Stream(16, 16)
    for picture in pictures:
        stream.img(0, picture).sync(100)
    with AheadDecoder() as decoder:
        ready = [
            decoder.take(images) for _, images in foreseen(frames(instructions(stream.data), SessionClock()), decoder)
        ]
    assert [list(images) for images in ready] == [[picture] for picture in pictures]


def test_no_more_is_decoded_ahead_than_the_memory_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bombs: a few hundred bytes each that would be megabytes."""
    monkeypatch.setattr(ahead, "MAX_PIXELS", 300_000)
    bomb = png(solid(500, 500, 0, 0, 0, 255))
    stream = Stream(500, 500)
    for _ in range(5):
        stream.img(0, bomb).img(0, bomb).img(0, bomb).sync(100)
    kept = 0
    with AheadDecoder() as decoder:
        for frame, images in foreseen(frames(instructions(stream.data), SessionClock()), decoder):
            assert images.pixel_count <= 300_000
            kept += images.pixel_count
            assert np.array_equal(decoder.take(images)[bomb][0, 0], (0, 0, 0, 255))
            assert frame.sync_count == 1
    assert kept == 5 * 250_000


def test_what_cannot_be_decoded_is_left_to_whoever_draws() -> None:
    good = png(noise(8, 8))
    stream = Stream(8, 8).img(0, good[:40]).img(0, b"no image").add("blob", 5, "AAAA").add("img").add("end")
    stream.add("img", 5, 14, 0, "image/png", 0, 0).add("blob", 5, "%%%").add("end", 5).img(0, good).sync()
    with AheadDecoder() as decoder:
        assert list(decoder.take(decoder.begin(instructions(stream.data)))) == [good]
