"""Column types and defaults shared by the tables."""

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Integer, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

from gateway.core.recording.kinds import kind_of


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times in the database are aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class KindColumn(TypeDecorator[str]):
    """The name of a kind of recording, checked by the table of kinds (`gateway.core.recording.kinds`)."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else kind_of(value).name


# Typed Any: SQLModel's `sa_type` is declared for classes, but takes instances just as well.
JsonColumn: Any = JSON().with_variant(JSONB(), "postgresql")
# None is NULL, and not the word `null` of JSON.
OptionalJsonColumn: Any = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
BigKey: Any = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up by itself only on INTEGER


def enum_column(kind: type[StrEnum]) -> Any:
    """Values of a StrEnum as plain text, so that a new value needs no migration."""
    return Enum(kind, native_enum=False, create_constraint=False, length=32, values_callable=list)


def new_id() -> str:
    """A random identifier (UUID version 4) in its usual text form."""
    return str(uuid.uuid4())


def utc_now() -> datetime:
    """Now, aware, UTC."""
    return datetime.now(UTC)
