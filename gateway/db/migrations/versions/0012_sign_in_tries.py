"""failed sign-ins are counted in a table of their own, and no longer in the audit trail"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_tries",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("failure_count", sa.Integer(), nullable=False),
        sa.Column("refused_count", sa.Integer(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("scope", "username", "address"),
    )
    op.create_index("ix_sign_in_tries_expires_at", "sign_in_tries", ["expires_at"])


def downgrade() -> None:
    op.drop_table("sign_in_tries")
