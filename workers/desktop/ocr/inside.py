"""What the confined process of the ocr stage runs: keyframes and original in, spans out."""

from pathlib import Path
from typing import Any, Final

from gateway.renditions.keyframes import KeyframeReader
from gateway.renditions.spans import SpanWriter
from workers.confine.child import Progress, main
from workers.desktop.ocr.engines import load_engine
from workers.desktop.ocr.read import Reading, read
from workers.desktop.text import extract
from workers.running.original import original_chunks

# Share of the progress that is told for the original; measured on the samples it is 1 to 3 % of the time.
_ORIGINAL_SHARE: Final = 0.02


def work(request: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Read one recording.

    Request: `keyframes` (None: nothing was rendered) and `spans` (paths), `segments`, `damaged`, `is_live`, `engine`,
    `languages`. Result: `reading`.
    """
    with SpanWriter(Path(request["spans"])) as spans:
        total = sum(Path(path).stat().st_size for path in request["segments"]) or 1
        extracted = extract(
            original_chunks(request)(),
            keep=spans.add,
            progress=lambda done: progress(_ORIGINAL_SHARE * done / total),
            is_live=request["is_live"],
        )
        reading = _read(request, spans, progress) if request["keyframes"] else Reading("none", "")
        spans.close()
    sources = {"screen": reading.spans, **extracted.as_dict()}
    return {"reading": {**reading.as_dict(), "spans": spans.count, "sources": sources}}


def _read(request: dict[str, Any], spans: SpanWriter, progress: Progress) -> Reading:
    engine = load_engine(request["engine"], request["languages"])
    with KeyframeReader(Path(request["keyframes"])) as keyframes:
        return read(
            keyframes,
            engine,
            keep=spans.add,
            progress=lambda done, total: progress(_ORIGINAL_SHARE + (1 - _ORIGINAL_SHARE) * done / total),
        )


if __name__ == "__main__":
    main(work)
