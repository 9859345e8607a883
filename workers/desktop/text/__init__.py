"""Text that need not be read from the screen: typed, copied, and names of transferred files.

Pure: instructions in, spans out.
"""

from workers.desktop.text.extraction import Extracted, extract

__all__ = ["Extracted", "extract"]
