"""Text that need not be read from the screen: what was typed, copied, and the names of transferred files.

Callers: the pipeline's ocr stage, and `reelgate text`. PURE: instructions in, spans out.
"""

from workers.desktop.text.extraction import Extracted, extract

__all__ = ["Extracted", "extract"]
