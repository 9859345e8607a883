"""What the confined process of the render stage runs: segment files in, video and keyframes out."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import av

from workers.confine.child import Progress, main
from workers.original import original_chunks
from workers.render.memory import keep_freed_memory
from workers.render.prescan import prescan
from workers.render.probe import confirm
from workers.render.render import render


def work(request: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Request: `segments` (paths in order), `damaged`, `video`, `keyframes`. Result: `report` (None: nothing shown)."""
    keep_freed_memory()
    chunks = original_chunks(request)
    engine = f"reelgate display, libx264 by PyAV {av.__version__}"
    scan = prescan(chunks())
    if not scan.width or not scan.height:
        return {"report": None, "engine": engine}
    video = Path(request["video"])
    report = render(chunks, video, Path(request["keyframes"]), progress=progress)
    confirm(video, report)
    return {"report": asdict(report), "engine": engine}


if __name__ == "__main__":
    main(work)
