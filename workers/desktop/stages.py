"""The stages of desktop recordings alone: the others are every kind's (`workers.stages`)."""

from collections.abc import Mapping
from typing import Final

from gateway.core.work import StageName
from workers.desktop.ocr.stage import run as run_ocr
from workers.desktop.render.stage import run as run_render
from workers.desktop.text.stage import run as run_text
from workers.running.work import StageRunner

RUNNERS: Final[Mapping[StageName, StageRunner]] = {
    StageName.RENDER: run_render,  # video.mp4 and keyframes.zip from one pass over the original
    StageName.OCR: run_ocr,  # spans.jsonl.gz from the keyframes
    StageName.TEXT: run_text,  # text.jsonl.gz from the original
}
