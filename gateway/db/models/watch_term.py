"""Watch terms: saved queries that run on every new recording."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.db.columns import UtcDateTime, new_id, utc_now


class WatchTerm(SQLModel, table=True):
    """A query (docs/search.md has the language) with a name; it watches until `disabled_at`.

    `backlog_id` is the newest task to run it over the recordings there were (None: it was never asked for). The task's
    result has how far that is: recordings are taken by id, all up to `cursor` are done.
    """

    __tablename__ = "watch_terms"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True, index=True)
    query: str
    created_by: str = Field(foreign_key="users.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    backlog_id: str | None = Field(default=None, foreign_key="tasks.id")
