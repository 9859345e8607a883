"""The same stream in guacamole-common-js (Chromium) and in the renderer: the same pixels at every point looked at."""

import base64
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page

from gateway.core.desktop import operator_streams
from gateway.core.desktop.clock import SessionClock
from gateway.core.desktop.guac import NEED_DATA, GuacParser
from tests.workers.desktop.display.reference.player import ROOT, Player, players
from tests.workers.streams import Stream, noise, png, shown, solid
from workers.desktop.display import Display
from workers.desktop.display.blending import OPERATIONS
from workers.desktop.display.transfers import FUNCTIONS

SAMPLES = [ROOT / "tests/data" / f"{name}.guac" for name in ("console-rdp", "terminal-vnc")]
# Points of a recording that are looked at; the player replays everything between them.
POINTS = 24
# A sample's first quarter minute: its windows are open, and things move.
BEGINNING_MS = 15_000


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with players() as page:
        yield page


def our_frames(recording: bytes) -> dict[int, NDArray[np.uint8]]:
    """Our screen at each sync whose time no other sync shares (the player cannot seek between those), RGB."""
    display, clock, parser = Display(), SessionClock(), GuacParser()
    frames: dict[int, NDArray[np.uint8]] = {}
    shared: set[int] = set()
    parser.feed(recording)
    while (instruction := parser.next_instruction()) is not NEED_DATA:
        display.apply(instruction)
        if instruction.opcode == "sync":
            at = clock.sync(instruction.args[0])
            display.take_touched()
            shared |= {at} & frames.keys()
            frames[at] = display.screen[..., :3].copy()
    assert not display.skipped
    return {at: frame for at, frame in frames.items() if at not in shared}


def compare(page: Page, recording: bytes, *, points: int = POINTS, tolerance: int = 0) -> None:
    ours = our_frames(recording)
    player = Player(page)
    player.open(recording)
    offsets = sorted(ours)
    for offset_ms in offsets[:: max(1, len(offsets) // points)] + offsets[-1:]:
        theirs = player.frame(offset_ms)
        assert theirs.shape == ours[offset_ms].shape
        difference = np.abs(theirs.astype(np.int16) - ours[offset_ms])
        worst = int(difference.max())
        assert worst <= tolerance, (
            f"{int((difference > tolerance).any(axis=2).sum())} pixels differ at {offset_ms} ms by {worst}"
        )


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_the_samples_begin_as_in_the_browser(page: Page, sample: Path) -> None:
    compare(page, beginning(sample.read_bytes(), BEGINNING_MS), points=6)


@pytest.mark.long
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_the_samples_look_as_in_the_browser(page: Page, sample: Path) -> None:
    compare(page, sample.read_bytes())


def beginning(recording: bytes, until_ms: int) -> bytes:
    """The recording up to the last sync before that time."""
    parser, clock, end = GuacParser(), SessionClock(), 0
    parser.feed(recording)
    while (instruction := parser.next_instruction()) is not NEED_DATA:
        if instruction.opcode == "sync":
            if clock.sync(instruction.args[0]) > until_ms:
                return recording[:end]
            end = parser.offset
    return recording


def test_flat_areas_and_copies_as_guacd_1_6_draws_them(page: Page) -> None:
    stream = Stream(300, 200)
    stream.fill(0, (0, 0, 300, 200), (20, 40, 60, 255)).img(0, png(noise(90, 40)), 10, 10).sync()
    stream.add("copy", 0, 0, 0, 150, 100, 14, 0, 20, 30).sync()
    stream.fill(0, (290, 190, 50, 50), (255, 0, 0, 255)).fill(0, (50, 50, 0, 10), (1, 2, 3, 255)).sync()
    stream.add("rect", 0, 5, 5, 30, 30).add("rect", 0, 20, 20, 30, 30).add("cfill", 14, 0, 0, 200, 0, 255).sync()
    stream.add("cfill", 14, 0, 9, 9, 9, 255).sync()
    stream.add("size", 0, 200, 150).sync().add("size", 0, 320, 260).fill(0, (210, 160, 20, 20), (5, 5, 5, 255)).sync()
    compare(page, stream.data)


@pytest.mark.parametrize("mask", sorted(OPERATIONS))
def test_channel_masks(page: Page, mask: int) -> None:
    stream = Stream(100, 80)
    stream.img(0, png(solid(60, 50, 10, 100, 200, 255)), 5, 5).sync()
    holes = noise(40, 40, seed=mask)
    holes[..., 3] = np.where(holes[..., 3] > 127, 255, 0)
    stream.img(0, png(holes), 20, 20, mask=mask).sync()
    stream.add("copy", 0, 0, 0, 30, 30, mask, -2, 8, 8).add("copy", -2, 0, 0, 38, 38, 14, 0, 60, 30).sync()
    stream.fill(0, (70, 50, 20, 20), (7, 8, 9, 255), mask=mask).sync()
    compare(page, stream.data)


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_transfer_functions(page: Page, function: int) -> None:
    stream = Stream(100, 80)
    stream.img(0, png(noise(100, 80, seed=3))).img(-1, png(noise(64, 64, seed=4))).sync()
    stream.add("transfer", -1, 0, 0, 50, 50, function, 0, 10, 10).sync()
    stream.add("transfer", 0, 0, 0, 60, 60, function, 0, 70, 50).sync()
    compare(page, stream.data)


def test_layers_lie_and_cover_as_in_the_browser(page: Page) -> None:
    stream = Stream(200, 150)
    stream.img(0, png(noise(200, 150, seed=5)))
    for layer, (z, colour) in enumerate([(5, (255, 0, 0)), (2, (0, 255, 0)), (2, (0, 0, 255))], start=1):
        stream.add("size", layer, 60, 60).img(layer, png(solid(60, 60, *colour, 255)))
        stream.add("move", layer, 0, 20 * layer, 20 * layer, z)
    stream.sync().add("move", 2, 0, 30, 30, 9).sync()
    stream.add("size", 4, 20, 20).img(4, png(solid(20, 20, 9, 9, 9, 255))).add("move", 4, 1, 10, 10, 0).sync()
    stream.add("move", 1, 0, 100, 60, 1).sync().add("dispose", 3).sync()
    stream.add("shade", 1, 0).sync().add("shade", 1, 255).add("move", 3, 0, 190, 140, 3).sync()
    compare(page, stream.data)


def test_translucent_pixels_and_layers(page: Page) -> None:
    stream = Stream(120, 90)
    stream.img(0, png(noise(120, 90, seed=6))).img(0, png(noise(50, 50, seed=7, alpha=True)), 10, 10).sync()
    stream.fill(0, (60, 40, 40, 40), (200, 100, 50, 128)).sync()
    stream.add("size", 1, 40, 40).img(1, png(noise(40, 40, seed=8))).add("shade", 1, 100).add(
        "move", 1, 0, 5, 5, 1
    ).sync()
    stream.add("size", 2, 40, 40).img(2, png(noise(40, 40, seed=9, alpha=True))).add("shade", 2, 200).sync()
    stream.add("move", 2, 0, 30, 20, 1).sync().add("shade", 0, 180).sync()
    compare(page, stream.data)


def test_a_layer_ends_where_its_parent_ends_and_the_pointer_lies_on_top(page: Page) -> None:
    stream = Stream(120, 90).img(0, png(noise(120, 90, seed=6)))
    stream.add("size", 1, 40, 40).img(1, png(noise(40, 40, seed=8))).add("move", 1, 0, 5, 5, 1)
    stream.add("size", 2, 40, 40).img(2, png(noise(40, 40, seed=9))).add("move", 2, 1, 10, 10, 1)
    arrow = noise(12, 20, seed=10)
    arrow[..., 3] = np.where(arrow[..., 0] > 127, 255, 0)
    stream.img(-1, png(arrow)).add("cursor", 3, 4, -1, 0, 0, 12, 20).sync().add("mouse", 70, 60, 0, 1).sync()
    player = Player(page)
    player.open(stream.data)
    display, ours = shown(stream)
    rgba = np.dstack([ours, np.full(ours.shape[:2], 255, np.uint8)])
    display.pointer.look.paint(rgba)
    assert np.array_equal(player.seen(100), rgba[..., :3])


def test_webp_and_old_png_instructions_are_exact(page: Page) -> None:
    image = cv2.GaussianBlur(noise(80, 60, seed=9), (9, 9), 3)[..., :3]
    stream = Stream(100, 80)
    stream.img(0, bytes(cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, 70])[1]), kind="webp").sync()
    stream.img(0, bytes(cv2.imencode(".webp", image, [cv2.IMWRITE_WEBP_QUALITY, 101])[1]), 9, 9, kind="webp").sync()
    stream.add("png", 14, 0, 30, 30, base64.b64encode(png(noise(40, 40))).decode()).sync()
    compare(page, stream.data)


def test_jpeg_within_two_steps(page: Page) -> None:
    """JPEG (ITU T.81) leaves the inverse transform's rounding to the decoder: two steps of 255 are allowed."""
    image = cv2.GaussianBlur(noise(80, 60, seed=9), (9, 9), 3)[..., :3]
    stream = Stream(100, 80).img(0, bytes(cv2.imencode(".jpg", image)[1]), 3, 3, kind="jpeg").sync()
    compare(page, stream.data, tolerance=2)


@pytest.mark.parametrize("number", [0, 5, 511])
def test_what_the_operator_pasted_and_uploaded_changes_nothing(page: Page, number: int) -> None:
    """In the middle of an image whose stream has the number the browser gave (`Stream.img` uses 5)."""
    image = png(noise(80, 60, seed=12))
    half = len(image) // 2
    stream = Stream(100, 80).img(0, png(noise(100, 80, seed=11))).sync()
    stream.add("img", number, 14, 0, "image/png", 7, 9)
    stream.add("blob", number, base64.b64encode(image[:half]).decode())
    stream.data += operator_streams.clipboard(number, "text/🙂", 1150)
    stream.data += operator_streams.blob(number, base64.b64encode(b"x" * 6048).decode())
    stream.data += operator_streams.put("0", number, "text/csv", "100% 🙂.csv", 1160)
    stream.add("ack", number, "File transfer unsupported", 256)
    stream.add("blob", number, base64.b64encode(image[half:]).decode())
    stream.data += operator_streams.end(number, 1170, 7, "0" * 64)
    stream.data += operator_streams.file(number, "text/csv", "never ended", 1180)
    stream.add("end", number).sync(6000).fill(0, (90, 70, 5, 6), (7, 8, 9, 255)).sync()
    _, ours = shown(stream)
    assert np.array_equal(ours[9:69, 7:87], noise(80, 60, seed=12)[..., :3])
    compare(page, stream.data)
