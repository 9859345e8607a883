"""The renderer: Guacamole instructions in, frames and damage out. Pure; knows no encoder, file or database.

Its reference is guacamole-common-js, which the operator looked at.
"""

from workers.desktop.display.ahead import AheadDecoder
from workers.desktop.display.blending import Pixels
from workers.desktop.display.display import Display

__all__ = ["AheadDecoder", "Display", "Pixels"]
