"""Watch terms: saved queries that run on every new recording."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.db.columns import UtcDateTime, new_id, utc_now


class WatchTerm(SQLModel, table=True):
    """A query with a name (docs/search.md describes the language); active until `disabled_at`.

    `backlog_id` is the newest task that runs it on existing recordings (None: never requested). The task's result says how
    far it is: recordings are processed in order of id, and all up to `cursor` are done.
    """

    __tablename__ = "watch_terms"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True, index=True)
    query: str
    created_by: str = Field(foreign_key="users.id")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    backlog_id: str | None = Field(default=None, foreign_key="tasks.id")
