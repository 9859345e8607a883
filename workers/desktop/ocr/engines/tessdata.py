"""Finds the language packs of the Tesseract that is installed.

`tesserocr`'s wheel carries the library and no language packs. Tesseract itself says where its own are.
"""

import subprocess
from functools import lru_cache
from pathlib import Path

from workers.desktop.ocr.engine import EngineError


@lru_cache
def tessdata_folder() -> Path:
    """The folder of `*.traineddata`, from the first line of `tesseract --list-langs`. Raises EngineError."""
    try:
        done = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=True, timeout=30)
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineError("the program tesseract is not installed or does not start") from error
    quoted = (done.stdout + done.stderr).split('"')
    if len(quoted) < 2 or not Path(quoted[1]).is_dir():  # noqa: PLR2004 - what stands between two quotation marks
        raise EngineError("tesseract does not say where its language packs are")
    return Path(quoted[1])


def check_languages(languages: str) -> None:
    """Raises EngineError for the first of `languages` (joined by "+") whose pack is missing."""
    for language in languages.split("+"):
        if not (tessdata_folder() / f"{language}.traineddata").is_file():
            raise EngineError(f"the tesseract language pack {language!r} is not installed")
