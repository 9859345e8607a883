"""Draw Guacamole instructions: instructions in, frames and damage rectangles out. Pure: no encoder, file or database.

The reference is guacamole-common-js, which drew what the operator saw.
"""

from workers.desktop.display.ahead import AheadDecoder
from workers.desktop.display.blending import Pixels
from workers.desktop.display.display import Display

__all__ = ["AheadDecoder", "Display", "Pixels"]
