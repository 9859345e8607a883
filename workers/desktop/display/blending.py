"""Composition: combine drawn pixels with the pixels below them (channel masks of the protocol).

A channel mask names a Porter-Duff operator (manual, "Compositing"; guacamole-common-js, Layer.setChannelMask). All
pixels are uint8 RGBA, (height, width, 4), with the colours premultiplied by alpha, as in a canvas.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""Shape (height, width, 4): red, green, blue (each multiplied by alpha), alpha."""
Wide = NDArray[np.uint16]
# The four bytes of a pixel as one number, alpha highest.
_PIXEL: Final = np.dtype("<u4")
_FULL_ALPHA: Final = 0xFF000000


class Factor(Enum):
    """The factor of one side's colours before both sides are added (Porter and Duff 1984, table 4.1)."""

    ZERO = auto()
    ONE = auto()
    OTHER_ALPHA = auto()
    OTHER_REST = auto()


class Operation(NamedTuple):
    """A composition operator. An unbounded one also clears everything outside the drawn pixels, as canvases do."""

    source: Factor
    destination: Factor
    unbounded: bool = False


SOURCE_OVER: Final = Operation(Factor.ONE, Factor.OTHER_REST)
COPY: Final = Operation(Factor.ONE, Factor.ZERO, unbounded=True)

OPERATIONS: Final[dict[int, Operation]] = {
    0x1: Operation(Factor.ZERO, Factor.OTHER_ALPHA, unbounded=True),  # destination-in
    0x2: Operation(Factor.ZERO, Factor.OTHER_REST),  # destination-out
    0x4: Operation(Factor.OTHER_ALPHA, Factor.ZERO, unbounded=True),  # source-in
    0x6: Operation(Factor.OTHER_ALPHA, Factor.OTHER_REST),  # source-atop
    0x8: Operation(Factor.OTHER_REST, Factor.ZERO, unbounded=True),  # source-out
    0x9: Operation(Factor.OTHER_REST, Factor.OTHER_ALPHA, unbounded=True),  # destination-atop
    0xA: Operation(Factor.OTHER_REST, Factor.OTHER_REST),  # xor
    0xB: Operation(Factor.OTHER_REST, Factor.ONE),  # destination-over
    0xC: COPY,
    0xE: SOURCE_OVER,
    0xF: Operation(Factor.ONE, Factor.ONE),  # lighter
}
"""By channel mask. A mask that is not here changes nothing: the operator before it stays, as in the browser."""


def blend(operation: Operation, source: Pixels, destination: Pixels) -> None:
    """Draw `source` on `destination` (same shape, changed in place)."""
    if operation is COPY or (operation is SOURCE_OVER and is_opaque(source)):
        destination[...] = source
        return
    if operation is SOURCE_OVER:
        lay_over(source, 255, destination)
        return
    total = _scaled(operation.source, source, destination[..., 3:])
    total += _scaled(operation.destination, destination, source[..., 3:])
    destination[...] = np.minimum(total, 255).astype(np.uint8)


def is_opaque(pixels: Pixels) -> bool:
    """Return True if every pixel is opaque.

    Reads each pixel as one number: 0.07 ms for a 1280x800 screen instead of 0.28. Scrolling needs this at every line.
    """
    together = np.bitwise_and.reduce(pixels.view(_PIXEL)[..., 0], axis=0)
    return bool(np.bitwise_and.reduce(together) >= _FULL_ALPHA)


def lay_over(source: Pixels, opacity: int, destination: Pixels) -> None:
    """Draw `source` at `opacity`/255 over `destination` (same shape, changed in place).

    Rounds as Chromium's rasteriser does, found by comparing every pixel: bytes are scaled in 256ths, the source by
    opacity + 1 and the destination by the remainder.
    """
    scale = np.uint32(opacity + 1)
    kept = np.uint32(0xFFFF) - source[..., 3:].astype(np.uint32) * scale
    left = (kept + (kept >> np.uint32(8))) >> np.uint32(8)
    total = (source.astype(np.uint32) * scale + destination.astype(np.uint32) * left) >> 8
    destination[...] = np.minimum(total, 255).astype(np.uint8)


def multiplied(straight: Pixels) -> Pixels:
    """Convert straight RGBA (as in files) to premultiplied RGBA."""
    alpha = straight[..., 3:].astype(np.uint16)
    result = straight.copy()
    result[..., :3] = divided(straight[..., :3].astype(np.uint16) * alpha)
    return result


def straightened(pixels: Pixels) -> Pixels:
    """Convert premultiplied RGBA to straight RGBA; a transparent pixel becomes black."""
    alpha = pixels[..., 3:].astype(np.uint32)
    result = pixels.copy()
    colours = pixels[..., :3].astype(np.uint32) * 255 + alpha // 2
    result[..., :3] = np.minimum(colours // np.maximum(alpha, 1), 255).astype(np.uint8)
    return result


def divided(products: Wide) -> Pixels:
    """Divide products of two bytes by 255, rounding to nearest (exact for all of 0..255*255; Blinn 1995)."""
    rounded = products + np.uint16(128)
    return ((rounded + (rounded >> 8)) >> 8).astype(np.uint8)


_SCALES: Final[dict[Factor, Callable[[Pixels, Pixels], Pixels]]] = {
    Factor.ZERO: lambda side, _: np.zeros_like(side),
    Factor.ONE: lambda side, _: side,
    Factor.OTHER_ALPHA: lambda side, alpha: divided(side.astype(np.uint16) * alpha),
    Factor.OTHER_REST: lambda side, alpha: divided(side.astype(np.uint16) * (255 - alpha)),
}


def _scaled(factor: Factor, side: Pixels, other_alpha: Pixels) -> Wide:
    return _SCALES[factor](side, other_alpha).astype(np.uint16)
