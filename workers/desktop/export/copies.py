"""Clips and redacted copies: a video, and a signed statement of what it is a copy of.

The original is not in the ZIP and cannot be reconstructed from it; `copy.json` names it by its digests, so that whoever
has both can tell that they belong together.
"""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Final

from gateway.core.recording.layout import KEYFRAMES, SPANS, VIDEO
from gateway.exports.rules import Rules
from gateway.renditions.spans import read_spans
from gateway.storage.local import read_range, sha256_of
from workers.confine import Limits, run_confined
from workers.desktop.export.covering import Cover, covers
from workers.export import describing
from workers.export.export_job import ExportJob, ExportResult
from workers.export.pack import Pack
from workers.export.readme import README
from workers.running.inputs import in_scratch

_VIDEO: Final = "copy.mp4"
_MANIFEST: Final = "copy.json"
# Share of the progress bar for the video; the rest is for packing.
_MADE: Final = 0.9
# As for rendering: frames of the largest screens, in decoder and encoder.
_LIMITS: Final = Limits(memory_bytes=3 * 2**30)


def make_clip(job: ExportJob) -> ExportResult:
    """Cut the video. Raises InvalidInputError if the bounds are outside it."""
    video, made_by, made = _confined(job, VIDEO, [])
    return _packed(job, video, made_by, made, {}, {})


def make_redacted(job: ExportJob) -> ExportResult:
    """Write the copy with boxes. Raises InvalidInputError if there is nothing between the bounds."""
    rules = job.request.rules or Rules()
    with job.context.files.seekable(job.recording, SPANS) as spans:
        covered = [one for one in covers(read_spans(spans), rules) if _is_within(one, job)]
    video, made_by, made = _confined(job, KEYFRAMES, covered)
    facts = {"covered_count": len(covered), "covered_ms": made.pop("covered_ms")}
    return _packed(job, video, made_by, made, _rules_statement(job, rules, covered), facts)


def _confined(job: ExportJob, name: str, covered: Sequence[Cover]) -> tuple[Path, str, dict[str, Any]]:
    """Make the video from the file `name` in a confined process; return its path, engine and facts."""
    folder = job.scratch / "confined"
    folder.mkdir()
    request = {
        "kind": job.request.kind,
        "source": in_scratch(folder, job.context.files.fetch(job.recording, name, folder / name)),
        "target": _VIDEO,
        "start_ms": job.request.start_ms,
        "end_ms": job.request.end_ms,
        "covers": [asdict(one) for one in covered],
    }
    answer = run_confined("workers.desktop.export.inside", request, partial(_share, job), _LIMITS, folder)
    return folder / _VIDEO, answer["engine"], answer["made"]


def _share(job: ExportJob, share: float) -> None:
    job.progress(_MADE * share)


def _is_within(cover: Cover, job: ExportJob) -> bool:
    start_ms, end_ms = job.request.start_ms, job.request.end_ms
    return (cover.end_ms is None or cover.end_ms > start_ms) and (end_ms is None or cover.start_ms < end_ms)


def _rules_statement(job: ExportJob, rules: Rules, covered: Sequence[Cover]) -> dict[str, Any]:
    """Describe a redacted copy: rules by number, their texts only if requested, and never the text that was read."""
    texts = [
        *((f"term {number}", text) for number, text in enumerate(rules.terms, 1)),
        *((f"pattern {number}", text) for number, text in enumerate(rules.patterns, 1)),
    ]
    return {
        "rules": [{"rule": name, "text": text if job.request.name_rules else None} for name, text in texts],
        "min_confidence": rules.min_confidence,
        "covered": [
            {"rule": one.rule, "box": list(one.box), "start_ms": one.start_ms, "end_ms": one.end_ms} for one in covered
        ],
        "reading": job.recording.facts.get("ocr", {}).get("coverage"),
    }


def _packed(
    job: ExportJob, video: Path, made_by: str, shown: dict[str, Any], told: dict[str, Any], facts: dict[str, Any]
) -> ExportResult:
    digest, size = sha256_of(read_range(video))
    with job.context.database.read() as session:
        statement = {
            "kind": job.request.kind.value,
            "export_id": job.export_id,
            "original": describing.tied(session, job.recording),
            "part": {"start_ms": job.request.start_ms, "end_ms": job.request.start_ms + shown["duration_ms"]},
            "video": {"name": _VIDEO, "size_bytes": size, "sha256": digest, **shown},
            "engines": {**describing.engines(session, job.recording), _VIDEO: made_by},
            **told,
        }
    path = job.scratch / "export.zip"
    with Pack(path, job.made_at) as pack:
        pack.add_text("README.txt", README)
        pack.add(_VIDEO, read_range(video))
        pack.add_json(_MANIFEST, statement)
        fingerprint = job.sign(pack)
    video.unlink()
    return ExportResult(path, {**shown, **facts, "key_fingerprint": fingerprint, "file_count": len(pack.files)})
