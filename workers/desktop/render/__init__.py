"""From the original to video and keyframes, in one pass over the instructions.

Callers: the pipeline's render stage, and `reelgate render` (command.py).
"""

from workers.desktop.render.render import render
from workers.desktop.render.report import Idle, RenderReport

__all__ = ["Idle", "RenderReport", "render"]
