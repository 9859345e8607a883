"""The picture that is patched where it is new equals one that is converted whole, sample for sample."""

import cv2
import numpy as np

from gateway.core.recording.geometry import Box
from workers.desktop.display.pointer import PointerLook
from workers.desktop.render.screen import Canvas
from workers.desktop.render.video import Picture


def test_patches_give_the_samples_of_a_whole_conversion() -> None:
    random = np.random.default_rng(7)
    canvas, picture = Canvas(61, 47), Picture(62, 48)
    pointer = PointerLook(random.integers(0, 256, (9, 7, 4), np.uint8), Box(-2, 40, 7, 9))
    screen = random.integers(0, 256, (47, 61, 4), np.uint8)
    canvas.show(screen, ())
    new = canvas.tiles()
    new.add(canvas.frame)
    for box in (Box(3, 5, 1, 1), Box(60, 46, 1, 1), Box(11, 0, 20, 47), Box(0, 7, 61, 3)):
        new.add(pointer.box)
        for patch in canvas.patches(new.boxes(), pointer):
            picture.patch(patch)
        whole = canvas.pixels.copy()
        pointer.paint(whole[:47, :61])
        expected = np.asarray(cv2.cvtColor(whole, cv2.COLOR_RGBA2YUV_I420))
        assert np.array_equal(picture.frame.to_ndarray(), expected)
        assert np.array_equal(canvas.screen, screen)
        screen[box.y : box.bottom, box.x : box.right] = random.integers(0, 256, (box.height, box.width, 4), np.uint8)
        canvas.show(screen, (box,))
        new.clear()
        new.add(box)
