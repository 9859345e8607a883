"""Tesseract in-process, kept loaded: 17 to 20 ms per line, against 200 ms to start its program."""

import os
from collections.abc import Iterator, Sequence
from typing import Any, Final

from workers.desktop.ocr.engine import UNREADABLE, Engine, ReadLine, Word
from workers.desktop.ocr.engines.scaling import has_ink, to_height
from workers.desktop.ocr.engines.tessdata import check_languages, tessdata_folder
from workers.desktop.ocr.lines import Image

# Height of a line image with its margin: 48 to 72 rows measured about equal, 36 loses small fonts.
_HEIGHT: Final = 60


class TesserocrEngine(Engine):
    """Reads line by line. See `workers.desktop.ocr.engine.Engine`."""

    name = "tesserocr"

    def __init__(self, languages: str = "eng") -> None:
        # One line is too little work for OpenMP's threads, which busy-wait: a single thread took half the CPU seconds.
        # The OpenMP runtime reads this variable when the library is loaded.
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        import tesserocr

        check_languages(languages)
        self.version = f"{tesserocr.tesseract_version().split()[1]} {languages}"
        self._word = tesserocr.RIL.WORD
        self._iterate = tesserocr.iterate_level
        self._api = tesserocr.PyTessBaseAPI(
            path=f"{tessdata_folder()}/", lang=languages, psm=tesserocr.PSM.SINGLE_LINE, oem=tesserocr.OEM.LSTM_ONLY
        )

    def read(self, lines: Sequence[Image]) -> list[ReadLine]:
        return [self._read(line) for line in lines]

    def _read(self, line: Image) -> ReadLine:
        if not has_ink(line):
            return UNREADABLE
        image, factor = to_height(line, _HEIGHT)
        height, width = image.shape
        self._api.SetImageBytes(image.tobytes(), width, height, 1, width)
        if not self._api.Recognize():
            return UNREADABLE
        found = list(self._words(self._api.GetIterator(), factor))
        if not found:
            return UNREADABLE
        words = tuple(word for word, _ in found)
        length = sum(len(word.text) for word in words)
        confidence = sum(share * len(word.text) for word, share in found) / length
        return ReadLine(" ".join(word.text for word in words), confidence, words)

    def _words(self, results: Any, factor: float) -> Iterator[tuple[Word, float]]:
        """Yield words with their confidence; `results` is Tesseract's iterator, None if it found no text."""
        if results is None:
            return
        for word in self._iterate(results, self._word):
            box = word.BoundingBox(self._word)
            text = word.GetUTF8Text(self._word).strip() if box else ""
            if text:
                left, _, right, _ = box
                yield Word(text, left / factor, (right - left) / factor), word.Confidence(self._word) / 100
