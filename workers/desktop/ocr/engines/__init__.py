"""The engines that ship, and which one the setting `ocr_engine` means.

Called by `workers.desktop.ocr` (task and command) and the bench. Each engine's library is imported only when it is used.
"""

from collections.abc import Callable
from typing import Final

from gateway.core.errors import InvalidInputError
from workers.desktop.ocr.engine import Engine


def load_engine(name: str, languages: str = "eng") -> Engine:
    """The engine called `name`; "auto" is the one the measurement in docs/text.md favours.

    `languages` are Tesseract language packs joined by "+". Raises InvalidInputError for an unknown name and EngineError
    when the engine's program, library, model or language pack is missing.
    """
    try:
        load = _ENGINES[name]
    except KeyError:
        raise InvalidInputError(f"ocr_engine {name!r} is not one of {', '.join(sorted(_ENGINES))}") from None
    return load(languages)


def engine_names() -> tuple[str, ...]:
    """Every engine that can be asked for, without "auto"."""
    return tuple(name for name in _ENGINES if name != "auto")


def _pytesseract(languages: str) -> Engine:
    from workers.desktop.ocr.engines.pytesseract_engine import PytesseractEngine

    return PytesseractEngine(languages)


def _tesserocr(languages: str) -> Engine:
    from workers.desktop.ocr.engines.tesserocr_engine import TesserocrEngine

    return TesserocrEngine(languages)


def _rapidocr(languages: str) -> Engine:
    from workers.desktop.ocr.engines.rapidocr_engine import RapidocrEngine

    return RapidocrEngine(languages)


def _paired(languages: str) -> Engine:
    from workers.desktop.ocr.engines.paired_engine import PairedEngine

    return PairedEngine(_tesserocr(languages), _rapidocr(languages))


_ENGINES: Final[dict[str, Callable[[str], Engine]]] = {
    "auto": _paired,
    "paired": _paired,
    "pytesseract": _pytesseract,
    "rapidocr": _rapidocr,
    "tesserocr": _tesserocr,
}
