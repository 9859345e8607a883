"""The text of spans in the two forms that are indexed."""

from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, ForeignKey, Integer, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel


class TokensColumn(TypeDecorator[str]):
    """Tokens joined by blanks; on PostgreSQL a tsvector with explicit positions, so that no parser interferes."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else as_stored(value, dialect)


def as_stored(tokens: str, dialect: Dialect) -> str:
    """Return the column's value for tokens joined by blanks, which contain letters, digits and marks but no quote or backslash."""
    if dialect.name != "postgresql":
        return tokens
    return " ".join([f"'{token}':{position}" for position, token in enumerate(tokens.split(), start=1)])


class SpanText(SQLModel, table=True):
    """Deleted with its span (ON DELETE CASCADE), and from the full-text indexes as well.

    Small, because searches read tens of thousands of them. Written by `gateway.search.spans`, read by `gateway.search`.
    """

    __tablename__ = "span_texts"

    span_id: int = Field(
        sa_column=Column(
            BigInteger().with_variant(Integer(), "sqlite"),
            ForeignKey("spans.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
        )
    )
    tokens: str = Field(sa_column=Column(TokensColumn(), nullable=False))
    folded: str = Field(sa_column=Column(Text(), nullable=False))
