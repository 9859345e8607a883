"""stages and orders are one kind of work: both have a priority and a time they were asked for at"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NORMAL = "1"


def upgrade() -> None:
    with op.batch_alter_table("stages", schema=None) as stages:
        stages.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default=_NORMAL))
        stages.add_column(
            sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, server_default="1970-01-01 00:00:00")
        )
    with op.batch_alter_table("orders", schema=None) as orders:
        orders.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default=_NORMAL))
    op.create_index("ix_stages_finished_at", "stages", ["finished_at"])


def downgrade() -> None:
    op.drop_index("ix_stages_finished_at", "stages")
    op.drop_column("orders", "priority")
    op.drop_column("stages", "asked_at")
    op.drop_column("stages", "priority")
