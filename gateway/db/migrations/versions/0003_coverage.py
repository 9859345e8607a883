"""how much of each recording was read, and by which engine it is to be"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_RECORDINGS = sa.table(
    "recordings",
    sa.column("id", sa.String()),
    sa.column("duration_ms", sa.BigInteger()),
    sa.column("searchable_at", sa.DateTime(timezone=True)),
    sa.column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
    sa.column("screen_seconds", sa.Float()),
    sa.column("read_seconds", sa.Float()),
)


def upgrade() -> None:
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ocr_engine", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("screen_seconds", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("read_seconds", sa.Float(), nullable=True))
    _fill()
    op.create_index(
        "ix_recordings_coverage",
        "recordings",
        ["searchable_at", "state", "started_at", "closed_at", "target_id", "screen_seconds", "read_seconds"],
    )


def _fill() -> None:
    """What has been read already says how much in its facts; gaps are taken into account when it is read again."""
    columns = _RECORDINGS.c
    found = sa.select(columns.id, columns.duration_ms, columns.facts).where(columns.searchable_at.is_not(None))
    for recording_id, duration_ms, facts in op.get_bind().execute(found).all():
        screen, read = _seconds(duration_ms, facts.get("ocr", {}))
        op.execute(
            _RECORDINGS.update().where(columns.id == recording_id).values(screen_seconds=screen, read_seconds=read)
        )


def _seconds(duration_ms: int | None, reading: dict[str, Any]) -> tuple[float, float]:
    coverage = reading.get("coverage")
    if coverage is None:
        return 0.0, 0.0
    return (duration_ms or 0) / 1000, round(coverage["seconds_read"] * reading["share_read"], 3)


def downgrade() -> None:
    op.drop_index("ix_recordings_coverage", "recordings")
    with op.batch_alter_table("recordings", schema=None) as batch_op:
        batch_op.drop_column("read_seconds")
        batch_op.drop_column("screen_seconds")
        batch_op.drop_column("ocr_engine")
