"""audit events are signed one by one; checks say which head outside the database they knew"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("key_id", "signature"):
        op.add_column("audit_events", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("audit_checks", sa.Column("remarks", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("audit_checks", sa.Column("outside", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("audit_checks", "outside")
    op.drop_column("audit_checks", "remarks")
    for name in ("signature", "key_id"):
        op.drop_column("audit_events", name)
