"""Clips and redacted copies: a video, and a signed statement of what it is a copy of.

Called by `workers.export.runner` and `workers.commands.export`. The original is not in the ZIP and cannot be made from it;
`copy.json` names it by its digests, so that whoever has both can tell that they belong together.
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
from workers.export.making import Made, Making
from workers.export.pack import Pack
from workers.export.readme import README
from workers.running.inputs import in_scratch

_VIDEO: Final = "copy.mp4"
_MANIFEST: Final = "copy.json"
# What of the work the video is; the rest is packing.
_MADE: Final = 0.9
# As for rendering: frames of the largest screens, and the encoder's.
_LIMITS: Final = Limits(memory_bytes=3 * 2**30)


def make_clip(making: Making) -> Made:
    """Cut the video. Raises InvalidInputError when the bounds do not lie in it."""
    video, made_by, made = _confined(making, VIDEO, [])
    return _packed(making, video, made_by, made, {}, {})


def make_redacted(making: Making) -> Made:
    """Write the copy with boxes. Raises InvalidInputError for bounds with nothing between."""
    rules = making.wanted.rules or Rules()
    with making.context.files.seekable(making.recording, SPANS) as spans:
        covered = [one for one in covers(read_spans(spans), rules) if _is_within(one, making)]
    video, made_by, made = _confined(making, KEYFRAMES, covered)
    facts = {"covered_count": len(covered), "covered_ms": made.pop("covered_ms")}
    return _packed(making, video, made_by, made, _told(making, rules, covered), facts)


def _confined(making: Making, name: str, covered: Sequence[Cover]) -> tuple[Path, str, dict[str, Any]]:
    """Make the video from the file `name` in a confined process; its path, what made it, and what it is."""
    folder = making.scratch / "confined"
    folder.mkdir()
    request = {
        "kind": making.wanted.kind,
        "source": in_scratch(folder, making.context.files.fetch(making.recording, name, folder / name)),
        "target": _VIDEO,
        "start_ms": making.wanted.start_ms,
        "end_ms": making.wanted.end_ms,
        "covers": [asdict(one) for one in covered],
    }
    answer = run_confined("workers.export.inside", request, partial(_share, making), _LIMITS, folder)
    return folder / _VIDEO, answer["engine"], answer["made"]


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
        fingerprint = making.sign(pack)
    video.unlink()
    return Made(path, {**shown, **facts, "key_fingerprint": fingerprint, "file_count": len(pack.files)})
