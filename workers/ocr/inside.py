"""What the confined process of the ocr stage runs: keyframes and original in, spans out."""

from pathlib import Path
from typing import Any, Final

from gateway.storage.keyframes import KeyframeReader
from workers.confine.child import Progress, main
from workers.ocr.engines import load_engine
from workers.ocr.read import read
from workers.ocr.spans import SpanWriter
from workers.original import original_chunks
from workers.text import extract

# Share of the progress that is told for the original; measured on the samples it is 1 to 3 % of the time.
_ORIGINAL_SHARE: Final = 0.02


def work(request: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Request: `keyframes` and `spans` (paths), `segments`, `damaged`, `is_live`, `engine`, `languages`. Result: `reading`."""
    engine = load_engine(request["engine"], request["languages"])
    with KeyframeReader(Path(request["keyframes"])) as keyframes, SpanWriter(Path(request["spans"])) as spans:
        total = sum(Path(path).stat().st_size for path in request["segments"]) or 1
        extracted = extract(
            original_chunks(request)(),
            keep=spans.add,
            progress=lambda done: progress(_ORIGINAL_SHARE * done / total),
            is_live=request["is_live"],
        )
        reading = read(
            keyframes,
            engine,
            keep=spans.add,
            progress=lambda done, total: progress(_ORIGINAL_SHARE + (1 - _ORIGINAL_SHARE) * done / total),
        )
        spans.close()
    sources = {"screen": reading.spans, **extracted.as_dict()}
    return {"reading": {**reading.as_dict(), "spans": spans.count, "sources": sources}}


if __name__ == "__main__":
    main(work)
