"""Names of the OCR engines; `workers.desktop.ocr.engines` implements them, docs/text.md compares them."""

from enum import StrEnum


class OcrEngine(StrEnum):
    """auto: the engine that measured best."""

    AUTO = "auto"
    PAIRED = "paired"
    PYTESSERACT = "pytesseract"
    RAPIDOCR = "rapidocr"
    TESSEROCR = "tesserocr"
