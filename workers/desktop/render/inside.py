"""The confined process of the render stage: segment files in, video and keyframes out."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import av

from gateway.core.errors import InvalidInputError
from workers.confine.child import Progress, main
from workers.desktop.render.memory import keep_freed_memory
from workers.desktop.render.prescan import prescan
from workers.desktop.render.probe import confirm
from workers.desktop.render.render import check_screen, render
from workers.running.original import original_chunks


def work(request: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Render one recording.

    Request: `segments` (paths in order), `damaged`, `until_ms`, `video`, `keyframes`. Result: `report`. If there is
    nothing to render, `report` is None, with the `reason` and the `refused` size (None: no screen was too large).
    """
    keep_freed_memory()
    chunks = original_chunks(request)
    engine = f"reelgate display, libx264 by PyAV {av.__version__}"
    scan = prescan(chunks())
    try:
        check_screen(scan)
    except InvalidInputError as error:
        reason = str(error) if scan.refused else "nothing was shown"
        return {"report": None, "reason": reason, "refused": scan.refused, "engine": engine}
    video = Path(request["video"])
    report = render(chunks, video, Path(request["keyframes"]), until_ms=request["until_ms"], progress=progress)
    confirm(video, report)
    return {"report": asdict(report), "engine": engine}


if __name__ == "__main__":
    main(work)
