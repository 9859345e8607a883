"""What the confined process of the render stage runs: segment files in, video and keyframes out."""

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import av

from gateway.core.guac import WholeInstructions
from gateway.core.guac.errors import GuacProtocolError
from gateway.storage.local import read_range
from workers.confine.child import Progress, main
from workers.render.prescan import prescan
from workers.render.render import render


def work(request: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Request: `segments` (paths in order), `damaged`, `video`, `keyframes`. Result: `report` (None: nothing shown)."""
    paths = [Path(path) for path in request["segments"]]
    chunks = partial(_sound if request["damaged"] else _joined, paths)
    engine = f"reelgate display, libx264 by PyAV {av.__version__}"
    scan = prescan(chunks())
    if not scan.width or not scan.height:
        return {"report": None, "engine": engine}
    report = render(chunks, Path(request["video"]), Path(request["keyframes"]), progress=progress)
    return {"report": asdict(report), "engine": engine}


def _joined(paths: list[Path]) -> Iterator[bytes]:
    for path in paths:
        yield from read_range(path)


def _sound(paths: list[Path]) -> Iterator[bytes]:
    """Of each segment what can be read, so that one that is damaged does not spoil those behind it."""
    for path in paths:
        cut = WholeInstructions()
        for piece in read_range(path):
            try:
                yield cut.feed(piece)
            except GuacProtocolError:
                break


if __name__ == "__main__":
    main(work)
