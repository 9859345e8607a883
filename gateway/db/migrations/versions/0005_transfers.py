"""which way a clipboard or a file went, and how much of it"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: a copied `spans` would lose the triggers of its full-text index.
    for table in ("spans", "findings"):
        op.add_column(
            table, sa.Column("transfer", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True)
        )


def downgrade() -> None:
    for table in ("findings", "spans"):
        op.drop_column(table, "transfer")
