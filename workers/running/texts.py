"""Publish a file of spans, whichever stage made it."""

from sqlmodel import Session

from gateway.core.errors import ReelgateError
from gateway.db.repositories import recordings
from gateway.renditions.spans import read_spans
from workers.running.outputs import Output, finished, put_renditions
from workers.running.work import StageWork


class SpanCountError(ReelgateError):
    """A file of spans does not contain what was counted while it was written."""


def finished_spans(work: StageWork, name: str, count: int, engine: str) -> Output:
    """Check a file of spans in the scratch folder and finish it. Raises SpanCountError."""
    written = sum(1 for _ in read_spans(work.scratch / name))
    if written != count:
        raise SpanCountError(f"{count} pieces of text were read and {written} written")
    return finished(work, name, engine)


def put_spans(session: Session, work: StageWork, name: str, output: Output | None) -> None:
    """Put the file in place of the earlier one; without an output, the recording has none."""
    if output is not None:
        put_renditions(session, work, [output])
    else:
        recordings.drop_renditions(session, work.recording.id, [name])
