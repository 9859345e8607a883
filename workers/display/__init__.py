"""The renderer: Guacamole instructions in, frames and what changed in them out. Pure; knows no encoder, file or database.

Callers: `workers.render`. What it draws is judged against guacamole-common-js, which is what the operator looked at.
"""

from workers.display.ahead import AheadDecoder
from workers.display.blending import Pixels
from workers.display.display import Display

__all__ = ["AheadDecoder", "Display", "Pixels"]
