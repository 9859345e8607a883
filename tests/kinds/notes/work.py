"""What workers do for notes alone, as workers/notes would have it: each line is text, exact."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sqlmodel import Session

from gateway.core.export import ExportKind
from gateway.core.recording.layout import TEXT
from gateway.core.recording.states import SpanSource
from gateway.core.work import StageName
from gateway.db.repositories import recordings
from gateway.renditions.spans import Span, SpanWriter
from tests.kinds.notes.stream import decode
from workers.export.export_job import ExportMaker
from workers.running.inputs import original_request
from workers.running.original import original_chunks
from workers.running.outputs import note_fact
from workers.running.texts import finished_spans, put_spans
from workers.running.work import Publish, StageRunner, StageWork


def run_text(work: StageWork) -> Publish:
    """One span a line, from when it was written until the next."""
    request = original_request(work)
    request["segments"] = [str(work.scratch / name) for name in request["segments"]]
    with SpanWriter(work.scratch / TEXT) as writer:
        for span in _spans(original_chunks(request)()):
            writer.add(span)
        writer.close()
    output = finished_spans(work, TEXT, writer.count, "notes")

    def publish(session: Session) -> None:
        put_spans(session, work, TEXT, output)
        row = recordings.get(session, work.recording.id, lock=True)
        note_fact(row, "text", {"spans": writer.count})
        session.add(row)

    return publish


def _spans(chunks: Iterable[bytes]) -> Iterator[Span]:
    start = 0
    for line in b"".join(chunks).splitlines(keepends=True):
        if line.endswith(b"\n"):
            note = decode(line)
            end = start + len(line)
            yield Span(note.text, None, note.at_ms, note.at_ms, 1.0, -1, start, end, source=SpanSource.KEYS)
            start = end


STAGES: Final[Mapping[StageName, StageRunner]] = {StageName.TEXT: run_text}
EXPORTS: Final[Mapping[ExportKind, ExportMaker]] = {}
