"""Results of checks of the audit trail."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from gateway.core.trail import BreakKind
from gateway.db.columns import JsonColumn, UtcDateTime, enum_column, new_id, utc_now


class AuditCheck(SQLModel, table=True):
    """One check of the events after `after_event_id` (0: from the first) up to `event_id`, and the first break, if any.

    `outside` names the newest head that is kept outside the database. `remarks` lists what is unusual but not a
    break: times that go back.
    """

    __tablename__ = "audit_checks"

    id: str = Field(default_factory=new_id, primary_key=True)
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime, index=True)
    requested_by: str
    after_event_id: int = Field(sa_type=BigInteger)
    event_id: int = Field(sa_type=BigInteger)
    event_count: int = Field(sa_type=BigInteger)
    broken_kind: BreakKind | None = Field(default=None, sa_type=enum_column(BreakKind))
    broken_event_id: int | None = Field(default=None, sa_type=BigInteger)
    broken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    detail: str = ""
    outside: str = ""
    remarks: list[str] = Field(default_factory=list, sa_type=JsonColumn)
