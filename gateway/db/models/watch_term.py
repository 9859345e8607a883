"""Watch terms: saved queries that run on every new recording."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.core.finding import BacklogState
from gateway.db.columns import UtcDateTime, enum_column, new_id, utc_now


class WatchTerm(SQLModel, table=True):
    """A query (docs/search.md has the language) with a name; it watches until `disabled_at`.

    The backlog is its run over the recordings there were when it was asked for (`backlog_state` None: never). Recordings
    are taken by id: all up to `backlog_cursor` are done. `backlog_moved_at` is when a worker last got on with it.
    """

    __tablename__ = "watch_terms"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True, index=True)
    query: str
    created_by: str = Field(foreign_key="users.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    backlog_state: BacklogState | None = Field(default=None, sa_type=enum_column(BacklogState))
    backlog_cursor: str = ""
    backlog_done_count: int = 0
    backlog_total_count: int = 0
    backlog_moved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
