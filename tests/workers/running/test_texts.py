from pathlib import Path

import pytest

from gateway.core.recording.layout import TEXT
from gateway.renditions.spans import SpanWriter
from tests.parts.recordings import place_recording
from workers.running.texts import SpanCountError, finished_spans
from workers.running.work import StageWork, WorkerContext


def test_a_file_that_lacks_spans_is_not_finished(context: WorkerContext, tmp_path: Path) -> None:
    work = StageWork(context, place_recording(context, []), tmp_path, lambda _share: None)
    with SpanWriter(tmp_path / TEXT) as writer:
        writer.close()
    with pytest.raises(SpanCountError, match="1 pieces of text were read and 0 written"):
        finished_spans(work, TEXT, 1, "an engine")
    assert list(tmp_path.glob("*.encrypted")) == []
