"""when a recording was imported, and whether its start was guessed"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recordings", sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("recordings", sa.Column("is_start_guessed", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("recordings", "is_start_guessed")
    op.drop_column("recordings", "imported_at")
