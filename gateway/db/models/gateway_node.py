"""Running gateways, so that what a dead one left open is found."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.db.columns import UtcDateTime, utc_now


class GatewayNode(SQLModel, table=True):
    """A gateway process by its lasting id; `heartbeat_at` is renewed every few seconds while it runs."""

    __tablename__ = "gateways"

    id: str = Field(primary_key=True)
    started_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    heartbeat_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
