"""Names of the engines that read the screen; `workers.desktop.ocr.engines` has what is behind each, docs/text.md the choice."""

from enum import StrEnum


class OcrEngine(StrEnum):
    """auto: the one that measured best."""

    AUTO = "auto"
    PAIRED = "paired"
    PYTESSERACT = "pytesseract"
    RAPIDOCR = "rapidocr"
    TESSEROCR = "tesserocr"
