"""OCR: find lines in keyframes, track them, read each once, and keep them as spans."""

from gateway.renditions.spans import Span, SpanWord, SpanWriter, read_spans
from workers.desktop.ocr.engines import load_engine
from workers.desktop.ocr.read import Coverage, Reading, read

__all__ = ["Coverage", "Reading", "Span", "SpanWord", "SpanWriter", "load_engine", "read", "read_spans"]
