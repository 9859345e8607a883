"""The confined process of the ocr stage: keyframes in, spans out."""

from pathlib import Path
from typing import Any

from gateway.renditions.keyframes import KeyframeReader
from gateway.renditions.spans import SpanWriter
from workers.confine.child import Progress, main
from workers.desktop.ocr.engines import load_engine
from workers.desktop.ocr.read import read


def work(request: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Read one recording.

    Request: `keyframes` and `spans` (paths), `engine`, `languages`. Result: the reading, with the number of its spans.
    """
    engine = load_engine(request["engine"], request["languages"])
    with SpanWriter(Path(request["spans"])) as spans, KeyframeReader(Path(request["keyframes"])) as keyframes:
        reading = read(keyframes, engine, keep=spans.add, progress=lambda done, total: progress(done / total))
        spans.close()
    return {**reading.as_dict(), "spans": spans.count}


if __name__ == "__main__":
    main(work)
