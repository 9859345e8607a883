"""Text that was on the screen: lines found in keyframes, followed, read once, kept as spans.

Callers: the pipeline's ocr stage, and `reelgate text` (command.py).
"""

from gateway.renditions.spans import Span, SpanWord, SpanWriter, read_spans
from workers.desktop.ocr.engines import load_engine
from workers.desktop.ocr.read import Coverage, Reading, read

__all__ = ["Coverage", "Reading", "Span", "SpanWord", "SpanWriter", "load_engine", "read", "read_spans"]
