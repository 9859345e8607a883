"""The row of the table."""

from typing import Final

from gateway.core.export import ExportKind
from gateway.core.recording.kinds import Kind
from gateway.core.recording.layout import TEXT
from gateway.core.recording.states import SpanSource
from gateway.core.work import StageName
from tests.kinds.notes.stream import NotesStream

NOTES: Final = Kind(
    name="notes",
    suffix="jsonl",
    media_type="application/jsonl",
    stages=(StageName.SEAL, StageName.TEXT, StageName.INDEX, StageName.TIER),
    renditions=(TEXT,),
    sources=(SpanSource.KEYS,),
    new_stream=NotesStream,
    exports=(ExportKind.BUNDLE,),
    workers="tests.kinds.notes.work",
)
