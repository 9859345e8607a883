"""Public keys of the keys that sign manifests, certificates and the audit trail's checkpoints."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.db.columns import UtcDateTime, utc_now


class SigningKey(SQLModel, table=True):
    """An Ed25519 key. `id` is the first 16 hex digits of the SHA-256 of the raw public key, which is kept in base64.

    A retired key signs nothing new; its signatures remain verifiable.
    """

    __tablename__ = "signing_keys"

    id: str = Field(primary_key=True)
    public_key: str
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    retired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
