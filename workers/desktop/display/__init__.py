"""The renderer: Guacamole instructions in, frames and what changed in them out. Pure; knows no encoder, file or database.

Callers: `workers.desktop.render`. What it draws is judged against guacamole-common-js, which is what the operator looked at.
"""

from workers.desktop.display.ahead import AheadDecoder
from workers.desktop.display.blending import Pixels
from workers.desktop.display.display import Display

__all__ = ["AheadDecoder", "Display", "Pixels"]
