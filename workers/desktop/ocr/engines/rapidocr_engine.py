"""The line recogniser of RapidOCR (PP-OCR, ONNX), with the model from its wheel.

Only the recogniser is used: its text detector scales the screen down and loses small fonts, and lines are already
found. onnxruntime runs the model directly, which gives one thread and character positions without the library's own
pipeline. Output (CTC, Graves et al. 2006): per time step a probability for each character and for "none" (index 0).
"""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workers.desktop.ocr.engine import UNREADABLE, Engine, EngineError, ReadLine, Word
from workers.desktop.ocr.engines.scaling import to_height
from workers.desktop.ocr.lines import Image

# The model's input has 48 rows; it was trained on crops that are filled by the line.
_HEIGHT: Final = 48
_MARGIN: Final = 0.15
# Grey levels below this are ink.
_INK: Final = 128
# The model also knows some 18 000 Chinese characters, and took brackets for them. With only Latin languages set, its
# output ends at this character, the last of Latin Extended-A (Unicode chart U0100).
_LAST_LATIN: Final = 0x17F
_LATIN_LANGUAGES: Final = frozenset(
    {"eng", "deu", "fra", "spa", "ita", "por", "nld", "pol", "ces", "swe", "dan", "nor"}
)


class RapidocrEngine(Engine):
    """Reads line by line. See `workers.desktop.ocr.engine.Engine`."""

    name = "rapidocr"

    def __init__(self, languages: str = "eng") -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        model = next((item for item in (files("rapidocr") / "models").iterdir() if "_rec_" in item.name), None)
        if model is None:
            raise EngineError("the rapidocr package carries no recogniser model")
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        self.version = f"{version('rapidocr')} {model.name.removesuffix('.onnx')}"
        listed = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        characters = ["", *listed, " "]
        keep = [at for at, one in enumerate(characters) if not _latin(languages) or _is_latin(one)]
        self._columns = np.array(keep)
        self._characters = [characters[at] for at in keep]

    def read(self, lines: Sequence[Image]) -> list[ReadLine]:
        return [self._read(line) for line in lines]

    def _read(self, line: Image) -> ReadLine:
        rows = np.flatnonzero((line < _INK).any(axis=1))
        if not rows.size:
            return UNREADABLE
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        margin = round(_MARGIN * (bottom - top))
        image, factor = to_height(line[max(0, top - margin) : bottom + margin], _HEIGHT)
        steps = self._session.run(None, {self._input: _tensor(image)})[0][0][:, self._columns]
        return self._decode(steps, image.shape[1] / factor / len(steps))

    def _decode(self, steps: NDArray[np.float32], step_width: float) -> ReadLine:
        """Decode the best path: the likeliest character of each step, without repeats and "none"."""
        best = steps.argmax(axis=1)
        new = (best != 0) & np.concatenate(([True], best[1:] != best[:-1]))
        at = np.flatnonzero(new)
        text = "".join(self._characters[one] for one in best[at])
        if not text.strip():
            return UNREADABLE
        confidence = float(steps[at, best[at]].mean())
        return ReadLine(" ".join(text.split()), confidence, tuple(_words(text, at, step_width)))


def _words(text: str, steps: NDArray[np.intp], step_width: float) -> Iterator[Word]:
    """Split into words at spaces; `steps[i]` is the time step of character i, near its middle."""
    pitch = (steps[-1] - steps[0]) / max(len(steps) - 1, 1)
    start = 0
    for word in text.split(" "):
        end = start + len(word)
        if word:
            left, right = steps[start] + 0.5 - pitch / 2, steps[end - 1] + 0.5 + pitch / 2
            yield Word(word, max(0.0, float(left * step_width)), float((right - left) * step_width))
        start = end + 1


def _tensor(image: Image) -> NDArray[np.float32]:
    """Return one image as the model needs it: (1, 3, 48, width), -1 for black to 1 for white."""
    scaled = image.astype(np.float32) / 127.5 - 1
    return np.broadcast_to(scaled, (1, 3, *image.shape)).copy()


def _latin(languages: str) -> bool:
    return set(languages.split("+")) <= _LATIN_LANGUAGES


def _is_latin(character: str) -> bool:
    return len(character) <= 1 and (not character or " " <= character <= chr(_LAST_LATIN))
