"""Clips and redacted copies: a video, and a signed statement of what it is a copy of.

Called by `workers.export.runner` and `workers.commands.export`. The original is not in the ZIP and cannot be made from it;
`copy.json` names it by its digests, so that whoever has both can tell that they belong together.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, Final

from gateway.core.recording.layout import KEYFRAMES, SPANS, VIDEO
from gateway.exports.rules import Rules
from gateway.storage.keyframes import KeyframeReader
from gateway.storage.local import read_range, sha256_of
from workers.export import clip, describing
from workers.export.covering import Cover, covers
from workers.export.making import Made, Making
from workers.export.pack import Pack
from workers.export.readme import README
from workers.export.redacting import engine, redact
from workers.ocr.spans import read_spans

_VIDEO: Final = "copy.mp4"
_MANIFEST: Final = "copy.json"
# What of the work the video is; the rest is packing.
_MADE: Final = 0.9


def make_clip(making: Making) -> Made:
    """Cut the video. Raises InvalidInputError when the bounds do not lie in it."""
    wanted, video = making.wanted, making.scratch / _VIDEO
    with making.context.files.seekable(making.recording, VIDEO) as source:
        made = clip.cut(source, video, wanted.start_ms, wanted.end_ms or 0, partial(_share, making))
    shown = {"frame_count": made.frame_count, "duration_ms": made.duration_ms}
    return _packed(making, video, clip.ENGINE, shown, {}, {})


def make_redacted(making: Making) -> Made:
    """Write the copy with boxes. Raises InvalidInputError for bounds with nothing between, RedactionError."""
    wanted, video = making.wanted, making.scratch / _VIDEO
    rules = wanted.rules or Rules()
    frames = making.scratch / "frames"
    frames.mkdir()
    with ExitStack() as stack:
        spans = stack.enter_context(making.context.files.seekable(making.recording, SPANS))
        covered = [one for one in covers(read_spans(spans), rules) if _is_within(one, making)]
        source = stack.enter_context(making.context.files.seekable(making.recording, KEYFRAMES))
        reader = stack.enter_context(KeyframeReader(source))
        made = redact(
            reader,
            covered,
            video,
            frames,
            partial(_share, making),
            start_ms=wanted.start_ms,
            end_ms=wanted.end_ms,
        )
    shown = {
        "frame_count": made.frame_count,
        "duration_ms": made.duration_ms,
        "width": made.width,
        "height": made.height,
    }
    facts = {"covered_count": len(covered), "covered_ms": made.covered_ms}
    return _packed(making, video, engine(), shown, _told(making, rules, covered), facts)


def _share(making: Making, share: float) -> None:
    making.progress(_MADE * share)


def _is_within(cover: Cover, making: Making) -> bool:
    start_ms, end_ms = making.wanted.start_ms, making.wanted.end_ms
    return (cover.end_ms is None or cover.end_ms > start_ms) and (end_ms is None or cover.start_ms < end_ms)


def _told(making: Making, rules: Rules, covered: Sequence[Cover]) -> dict[str, Any]:
    """What a redacted copy says of itself: rules by number, their texts only where that was asked for; no text read."""
    texts = [
        *((f"term {number}", text) for number, text in enumerate(rules.terms, 1)),
        *((f"pattern {number}", text) for number, text in enumerate(rules.patterns, 1)),
    ]
    return {
        "rules": [{"rule": name, "text": text if making.wanted.name_rules else None} for name, text in texts],
        "min_confidence": rules.min_confidence,
        "covered": [
            {"rule": one.rule, "box": list(one.box), "start_ms": one.start_ms, "end_ms": one.end_ms} for one in covered
        ],
        "reading": making.recording.facts.get("ocr", {}).get("coverage"),
    }


def _packed(
    making: Making, video: Path, made_by: str, shown: dict[str, Any], told: dict[str, Any], facts: dict[str, Any]
) -> Made:
    digest, size = sha256_of(read_range(video))
    with making.context.database.read() as session:
        statement = {
            "kind": making.wanted.kind.value,
            "export_id": making.export_id,
            "original": describing.tied(session, making.recording),
            "part": {"start_ms": making.wanted.start_ms, "end_ms": making.wanted.start_ms + shown["duration_ms"]},
            "video": {"name": _VIDEO, "size_bytes": size, "sha256": digest, **shown},
            "engines": {**describing.engines(session, making.recording), _VIDEO: made_by},
            **told,
        }
    path = making.scratch / "export.zip"
    with Pack(path, making.made_at) as pack:
        pack.add_text("README.txt", README)
        pack.add(_VIDEO, read_range(video))
        pack.add_json(_MANIFEST, statement)
        key_id = making.sign(pack)
    video.unlink()
    return Made(path, {**shown, **facts, "key_id": key_id, "file_count": len(pack.files)})
