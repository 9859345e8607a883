"""The confined process of the text stage: original in, spans out."""

from pathlib import Path
from typing import Any

from gateway.renditions.spans import SpanWriter
from workers.confine.child import Progress, main
from workers.desktop.text.extraction import extract
from workers.running.original import original_chunks


def work(request: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Extract the text of one recording.

    Request: the fields for the original, `text` (path of the file to write), `is_live`. Result: `spans`, and the counts
    of `Extracted`.
    """
    total = sum(Path(path).stat().st_size for path in request["segments"]) or 1
    with SpanWriter(Path(request["text"])) as spans:
        extracted = extract(
            original_chunks(request)(),
            keep=spans.add,
            progress=lambda done: progress(done / total),
            is_live=request["is_live"],
        )
        spans.close()
    return {"spans": spans.count, **extracted.as_dict()}


if __name__ == "__main__":
    main(work)
