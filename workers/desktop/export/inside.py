"""The confined process of an export: a rendered file in, a clip or redacted copy out."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from gateway.core.export import ExportKind
from gateway.core.recording.geometry import Box
from gateway.renditions.keyframes import KeyframeReader
from workers.confine.child import Progress, main
from workers.desktop.export import clip, redacting
from workers.desktop.export.covering import Cover


def work(request: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Request: `kind`, `source` and `target` (paths), `start_ms`, `end_ms`, `covers`. Result: `engine`, `made`."""
    source, target = Path(request["source"]), Path(request["target"])
    start_ms, end_ms = request["start_ms"], request["end_ms"]
    if request["kind"] == ExportKind.CLIP:
        cut = clip.cut(source, target, start_ms, end_ms or 0, progress)
        return {"engine": clip.ENGINE, "made": cut._asdict()}
    frames = Path("frames")
    frames.mkdir()
    covers = [Cover(Box(*one["box"]), one["start_ms"], one["end_ms"], one["rule"]) for one in request["covers"]]
    with KeyframeReader(source) as reader:
        copy = redacting.redact(reader, covers, target, frames, progress, start_ms=start_ms, end_ms=end_ms)
    return {"engine": redacting.engine(), "made": asdict(copy)}


if __name__ == "__main__":
    main(work)
