"""Instructions drawn one by one: what each changes on the screen, and that hostile ones change nothing but a count."""

import base64
import resource
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from gateway.core.desktop.guac import NEED_DATA, GuacParser, Instruction
from gateway.core.recording.geometry import Box
from tests.workers.streams import Stream, noise, png, shown, solid
from workers.desktop.display import Display
from workers.desktop.display.display import HANDLERS, OTHER
from workers.desktop.display.limits import MAX_LAYERS, MAX_SKIPPED_NAMES

RED, GREEN = (255, 0, 0, 255), (0, 255, 0, 255)


def test_rect_and_cfill_paint_flat_areas() -> None:
    _, screen = shown(Stream(64, 48).fill(0, (8, 4, 16, 10), RED))
    assert (screen[4:14, 8:24] == (255, 0, 0)).all()
    assert screen.sum() == 16 * 10 * 255


def test_an_image_in_parts_is_drawn_at_its_end_where_img_said() -> None:
    image = noise(200, 100)
    stream = Stream(300, 200).img(0, png(image), 20, 30)
    assert stream.data.count(b"4.blob") > 5
    assert np.array_equal(shown(stream)[1][30:130, 20:220], image[..., :3])


def test_copy_moves_pixels_even_onto_themselves() -> None:
    image = noise(100, 80)
    _, screen = shown(Stream(100, 80).img(0, png(image)).add("copy", 0, 0, 10, 100, 60, 14, 0, 0, 0))
    assert np.array_equal(screen[:60], image[10:70, :, :3])
    assert np.array_equal(screen[60:], image[60:, :, :3])


def test_a_buffer_grows_with_what_is_drawn_on_it_and_is_not_seen_until_copied() -> None:
    stream = Stream(64, 64).img(-3, png(solid(30, 30, *RED)), 10, 10)
    assert not shown(stream)[1].any()
    _, screen = shown(stream.add("copy", -3, 10, 10, 30, 30, 14, 0, 5, 5))
    assert (screen[5:35, 5:35] == (255, 0, 0)).all()


def test_layers_cover_by_z_and_by_age_and_go_with_dispose() -> None:
    stream = Stream(40, 40)
    for layer, colour in ((1, RED), (2, GREEN)):
        stream.add("size", layer, 20, 20).fill(layer, (0, 0, 20, 20), colour).add("move", layer, 0, 5, 5, 0)
    assert tuple(shown(stream)[1][6, 6]) == GREEN[:3]
    assert tuple(shown(stream.add("move", 1, 0, 5, 5, 1))[1][6, 6]) == RED[:3]
    assert tuple(shown(stream.add("dispose", 1))[1][6, 6]) == GREEN[:3]
    assert not shown(stream.add("dispose", 2))[1].any()


def test_shade_makes_a_layer_translucent() -> None:
    stream = Stream(20, 20).add("size", 1, 20, 20).fill(1, (0, 0, 20, 20), RED).add("shade", 1, 0)
    assert not shown(stream)[1].any()
    assert shown(stream.add("shade", 1, 127))[1][0, 0, 0] == pytest.approx(127, abs=1)


def test_a_smaller_and_a_larger_screen_keep_what_both_show() -> None:
    stream = Stream(100, 100).fill(0, (0, 0, 100, 100), RED).add("size", 0, 30, 20)
    display, screen = shown(stream)
    assert (display.width, display.height) == (30, 20)
    assert screen.shape == (20, 30, 3)
    _, screen = shown(stream.add("size", 0, 200, 200))
    assert (screen[:20, :30] == (255, 0, 0)).all()
    assert not screen[64:, 64:].any()


def test_the_pointer_is_beside_the_screen_and_shown_once_the_mouse_moved() -> None:
    stream = Stream(50, 50).img(-1, png(solid(4, 6, *GREEN))).add("cursor", 1, 2, -1, 0, 0, 4, 6)
    assert shown(stream)[0].pointer.look.box.area == 0
    display, screen = shown(stream.add("mouse", 10, 10, 0, 77))
    assert display.pointer.look.box == Box(9, 8, 4, 6)
    assert not screen.any()


def test_touched_boxes_cover_what_was_drawn_and_end_at_the_screen() -> None:
    display = Display()
    parser = GuacParser()
    parser.feed(Stream(64, 64).data)
    parser.feed(Stream().fill(-1, (0, 0, 9, 9), RED).fill(0, (60, 60, 30, 30), RED).data)
    while (instruction := parser.next_instruction()) is not NEED_DATA:
        display.apply(instruction)
        if instruction.opcode == "size":
            display.take_touched()
    assert display.take_touched() == (Box(60, 60, 4, 4),)
    assert display.take_touched() == ()


def test_what_is_not_drawn_is_counted_and_what_never_draws_is_not() -> None:
    stream = (
        Stream(9, 9).add("arc", 0, 1, 1, 5, 0, 1, 0).add("arc", 0).add("nop").add("key", 65, 1, 9).add("cfill", "x")
    )
    assert shown(stream)[0].skipped == {"arc": 2, "cfill": 1}


def test_a_million_unknown_names_are_not_a_million_counters() -> None:
    display = Display()
    for number in range(1000):
        display.apply(Instruction(f"made-up-{number}", ()))
    assert len(display.skipped) <= MAX_SKIPPED_NAMES + 1
    assert display.skipped[OTHER] >= 1000 - MAX_SKIPPED_NAMES


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header claims a size it has no pixels for."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 4096)), (b"IEND", b""))
    parts = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


HOSTILE: dict[str, Stream] = {
    "size": Stream(8, 8).add("size", 0, 2**31, 2**31).add("size", 0, 16384, 16384).add("size", 0, -1, 5),
    "numbers": Stream(8, 8).add("copy", 0, "9" * 5000, 0, 1, 1, 14, 0, 0, 0),
    "no numbers": Stream(8, 8).add("rect", 0, "NaN", "", "1e9", 4),
    "layer in itself": Stream(8, 8).add("move", 1, 1, 0, 0, 0),
    "layers in a ring": Stream(8, 8).add("move", 1, 2, 0, 0, 0).add("move", 2, 1, 0, 0, 0),
    "buffer without end": Stream(8, 8).img(-1, png(solid(4, 4, *RED)), 2**24 - 9, 2**24 - 9),
    "png bomb": Stream(8, 8).img(0, bomb(16384, 16384)),
    "png without its pixels": Stream(8, 8).img(0, bomb(4000, 4000)),
    "not an image": Stream(8, 8).img(0, b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "cut image": Stream(8, 8).img(0, png(noise(64, 64))[:20]),
    "cut base64": Stream(8, 8).add("img", 1, 14, 0, "image/png", 0, 0).add("blob", 1, "iVBORw0KGgo").add("end", 1),
    "pointer": Stream(8, 8).add("cursor", 0, 0, 0, 0, 0, 20000, 20000),
    "transfer": Stream(8, 8).add("transfer", 0, 0, 0, 8, 8, 77, 0, 0, 0),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_instruction_is_skipped_and_drawing_goes_on(name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    display, screen = shown(Stream().add("nop").data + HOSTILE[name].data + Stream().fill(0, (0, 0, 8, 8), GREEN).data)
    assert display.skipped.total() >= 1
    assert (screen == GREEN[:3]).all()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024


def test_a_million_layers_and_streams_end_at_the_bound() -> None:
    stream = Stream(64, 64)
    stream.data += b"".join(Stream().add("rect", layer, 0, 0, 1, 1).data for layer in range(-MAX_LAYERS - 50, 0))
    stream.data += b"".join(Stream().add("img", number, 14, 0, "image/png", 0, 0).data for number in range(200))
    display, _ = shown(stream)
    assert display.skipped["rect"] >= 50
    assert display.skipped["img"] >= 100


def test_large_layers_end_at_the_bound_of_memory() -> None:
    stream = Stream(100, 100)
    for layer in range(1, 20):
        stream.add("size", layer, 4000, 4000)
    assert shown(stream)[0].skipped["size"] >= 15


def test_an_image_without_end_is_given_up() -> None:
    stream = Stream(8, 8).add("img", 1, 14, 0, "image/png", 0, 0)
    part = Stream().add("blob", 1, base64.b64encode(bytes(3_000_000)).decode()).data
    display, _ = shown(stream.data + part * 12 + Stream().add("end", 1).data)
    assert display.skipped == {"blob": 1}


ARGUMENT = st.one_of(
    st.integers(-70, 400).map(str),
    st.sampled_from(["0", "1", "-1", "2", "14", "12", "255", "image/png", base64.b64encode(png(noise(9, 9))).decode()]),
    st.text(max_size=5),
)
INSTRUCTION = st.builds(
    Instruction, st.sampled_from([*HANDLERS, "sync", "arc"]), st.lists(ARGUMENT, max_size=10).map(tuple)
)


@settings(max_examples=300, deadline=None)
@given(st.lists(INSTRUCTION, max_size=40))
def test_any_instructions_leave_a_screen_of_the_display_s_size(instructions: list[Instruction]) -> None:
    display = Display()
    display.apply(Instruction("size", ("0", "70", "50")))
    for instruction in instructions:
        display.apply(instruction)
        for box in display.take_touched():
            assert Box(0, 0, display.width, display.height).contains(box)
    assert display.screen.shape == (display.height, display.width, 4)
