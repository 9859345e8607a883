"""Tesseract as a program, by pytesseract: the fallback that needs only the `tesseract` package.

A process takes 0.2 s to start, so one reads a whole batch: the lines are written to a temporary folder with a list of
their names, which Tesseract takes as the pages of one document (manual page tesseract(1), FILE).
"""

import os
import secrets
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import cv2

from workers.desktop.ocr.engine import UNREADABLE, Engine, EngineError, ReadLine, Word
from workers.desktop.ocr.engines.scaling import has_ink, to_height
from workers.desktop.ocr.engines.tessdata import check_languages
from workers.desktop.ocr.lines import Image

# As in tesserocr_engine: heights of 48 to 72 rows measured about equal.
_HEIGHT: Final = 60
# Page segmentation: 7 is "a single text line"; engine mode 1 is the LSTM alone.
_OPTIONS: Final = "-c tessedit_create_tsv=1 --psm 7 --oem 1"
# A busy full screen of lines takes about 2 s; a process that takes this long hangs.
_TIMEOUT_SECONDS: Final = 300
_MOST_CHARACTERS: Final = 300  # of what the program says about a failure


class PytesseractEngine(Engine):
    """Reads a batch with one process. See `workers.desktop.ocr.engine.Engine`."""

    name = "pytesseract"

    def __init__(self, languages: str = "eng") -> None:
        import pytesseract

        check_languages(languages)
        # With one line at a time Tesseract's threads only busy-wait: a single thread took half the CPU seconds. Child
        # processes inherit this variable.
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        self._module = pytesseract.pytesseract
        self._languages = languages
        self.version = f"{pytesseract.get_tesseract_version()} {languages}"

    def read(self, lines: Sequence[Image]) -> list[ReadLine]:
        if not lines:
            return []
        with _folder() as folder:
            factors = [_write(line, folder / f"{at}.png") for at, line in enumerate(lines)]
            pages = folder / "pages.txt"
            pages.write_text("".join(f"{folder}/{at}.png\n" for at in range(len(lines))))
            found = self._recognise(pages)
        return [
            _line(found[at], factor) if has_ink(line) else UNREADABLE
            for at, (line, factor) in enumerate(zip(lines, factors, strict=True), start=1)
        ]

    def _recognise(self, pages: Path) -> dict[int, list[dict[str, Any]]]:
        """Return words by page number (from 1), as rows of Tesseract's TSV output."""
        try:
            self._module.run_tesseract(
                str(pages), str(pages), "tsv", self._languages, _OPTIONS, timeout=_TIMEOUT_SECONDS
            )
        except (OSError, RuntimeError) as error:  # TesseractError is a RuntimeError
            raise EngineError(f"the program tesseract failed: {str(error)[:_MOST_CHARACTERS]}") from error
        table = self._module.file_to_dict(pages.with_name(f"{pages.name}.tsv").read_text("utf-8"), "\t", -1)
        found = defaultdict(list)
        for values in zip(*table.values(), strict=True):
            row = dict(zip(table, values, strict=True))
            if str(row["text"]).strip():
                found[int(row["page_num"])].append(row)
        return found


@contextmanager
def _folder() -> Iterator[Path]:
    """Make a temporary folder, by a relative name where TMPDIR is one.

    Confined, only the working folder can be reached, and not from the root: `tempfile` and `pytesseract.image_to_data` give
    absolute names.
    """
    folder = Path(tempfile.gettempdir(), f"reelgate-lines-{secrets.token_hex(8)}")
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _write(line: Image, path: Path) -> float:
    """Write the image at reading height; return the scale factor."""
    image, factor = to_height(line, _HEIGHT)
    if not cv2.imwrite(str(path), image):
        raise EngineError("a line cannot be written for tesseract")
    return factor


def _line(rows: Sequence[dict[str, Any]], factor: float) -> ReadLine:
    if not rows:
        return UNREADABLE
    words = tuple(Word(str(row["text"]).strip(), row["left"] / factor, row["width"] / factor) for row in rows)
    weights = [len(word.text) for word in words]
    confidence = (
        sum(float(row["conf"]) * weight for row, weight in zip(rows, weights, strict=True)) / sum(weights) / 100
    )
    return ReadLine(" ".join(word.text for word in words), confidence, words)
