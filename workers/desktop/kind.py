"""Stages and exports that only desktops have. Those of every kind: `workers.stages`, `workers.export.runner`."""

from collections.abc import Mapping
from typing import Final

from gateway.core.export import ExportKind
from gateway.core.work import StageName
from workers.desktop.export.copies import make_clip, make_redacted
from workers.desktop.ocr.stage import run as run_ocr
from workers.desktop.render.stage import run as run_render
from workers.desktop.text.stage import run as run_text
from workers.export.export_job import ExportMaker
from workers.running.work import StageRunner

STAGES: Final[Mapping[StageName, StageRunner]] = {
    StageName.RENDER: run_render,  # video.mp4 and keyframes.zip from one pass over the original
    StageName.OCR: run_ocr,  # spans.jsonl.gz from the keyframes
    StageName.TEXT: run_text,  # text.jsonl.gz from the original
}
EXPORTS: Final[Mapping[ExportKind, ExportMaker]] = {
    ExportKind.CLIP: make_clip,
    ExportKind.REDACTED: make_redacted,
}
