"""Running gateways, so that sessions left open by a dead one are found."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.db.columns import UtcDateTime, utc_now


class GatewayNode(SQLModel, table=True):
    """A gateway process by its permanent id; `heartbeat_at` is renewed every few seconds while it runs."""

    __tablename__ = "gateways"

    id: str = Field(primary_key=True)
    started_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    heartbeat_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
