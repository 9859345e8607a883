"""What the confined process of the ocr stage runs: keyframes in, spans out."""

from pathlib import Path
from typing import Any

from gateway.storage.keyframes import KeyframeReader
from workers.confine.child import Progress, main
from workers.ocr.engines import load_engine
from workers.ocr.read import read
from workers.ocr.spans import SpanWriter


def work(request: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Request: `keyframes` and `spans` (paths), `engine`, `languages`. Result: `reading`."""
    engine = load_engine(request["engine"], request["languages"])
    with KeyframeReader(Path(request["keyframes"])) as keyframes, SpanWriter(Path(request["spans"])) as spans:
        reading = read(keyframes, engine, keep=spans.add, progress=lambda done, total: progress(done / total))
        spans.close()
    return {"reading": reading.as_dict()}


if __name__ == "__main__":
    main(work)
