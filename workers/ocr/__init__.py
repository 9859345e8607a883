"""OCR: find lines in keyframes, track them, read each once, and keep them as spans."""

from workers.ocr.engines import load_engine
from workers.ocr.read import Coverage, Reading, read
from workers.ocr.spans import Span, SpanWord, SpanWriter, read_spans

__all__ = ["Coverage", "Reading", "Span", "SpanWord", "SpanWriter", "load_engine", "read", "read_spans"]
