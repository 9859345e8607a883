"""Text that was visible, typed, copied or transferred: what is searched."""

from typing import Any

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from gateway.core.recording.states import SpanSource
from gateway.db.columns import BigKey, JsonColumn, OptionalJsonColumn, enum_column


class Span(SQLModel, table=True):
    """A piece of text at one `place` (`gateway.core.recording.place`, as a dict) from `start_ms` to `end_ms`.

    `words` is a list of lists: the text of each word and the numbers of its place, which is of the same kind. `start_byte`
    and `end_byte` bound the part of the original it was derived from; `rendition_id` is the rendition it was read from.
    `transfer` describes clipboards and files: a `Transfer` (`gateway.core.recording.transfer`) as a dict. The full-text
    indexes refer to the integer key.
    """

    __tablename__ = "spans"
    __table_args__ = (Index("ix_spans_moment", "recording_id", "start_ms", "end_ms"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    recording_id: str = Field(foreign_key="recordings.id")
    source: SpanSource = Field(default=SpanSource.SCREEN, sa_type=enum_column(SpanSource))
    text: str
    start_ms: int = Field(sa_type=BigInteger)
    end_ms: int = Field(sa_type=BigInteger)
    place: dict[str, Any] | None = Field(default=None, sa_type=OptionalJsonColumn)
    confidence: float = 1.0
    words: list[Any] = Field(default_factory=list, sa_type=JsonColumn)
    rendition_id: str | None = None
    start_byte: int = Field(default=0, sa_type=BigInteger)
    end_byte: int = Field(default=0, sa_type=BigInteger)
    transfer: dict[str, Any] | None = Field(default=None, sa_type=OptionalJsonColumn)
