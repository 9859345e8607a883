"""stages, tasks and a watch term's run over everything are one kind of work, with a priority and a time asked for at"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NORMAL = "1"
_BACKLOG = ("backlog_state", "backlog_cursor", "backlog_done_count", "backlog_total_count", "backlog_moved_at")


def upgrade() -> None:
    with op.batch_alter_table("stages", schema=None) as stages:
        stages.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default=_NORMAL))
        stages.add_column(
            sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, server_default="1970-01-01 00:00:00")
        )
    with op.batch_alter_table("tasks", schema=None) as tasks:
        tasks.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default=_NORMAL))
    with op.batch_alter_table("watch_terms", schema=None) as watch_terms:
        watch_terms.add_column(sa.Column("backlog_id", sa.String(), nullable=True))
        watch_terms.create_foreign_key("fk_watch_terms_backlog_id", "tasks", ["backlog_id"], ["id"])
        for name in _BACKLOG:
            watch_terms.drop_column(name)
    op.create_index("ix_stages_finished_at", "stages", ["finished_at"])


def downgrade() -> None:
    """What a watch term's run had come to is lost; it can be asked for again."""
    op.drop_index("ix_stages_finished_at", "stages")
    with op.batch_alter_table("watch_terms", schema=None) as watch_terms:
        watch_terms.drop_constraint("fk_watch_terms_backlog_id", type_="foreignkey")
        watch_terms.drop_column("backlog_id")
        watch_terms.add_column(sa.Column("backlog_state", sa.String(32), nullable=True))
        watch_terms.add_column(sa.Column("backlog_cursor", sa.String(), nullable=False, server_default=""))
        for name in ("backlog_done_count", "backlog_total_count"):
            watch_terms.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        watch_terms.add_column(sa.Column("backlog_moved_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_column("tasks", "priority")
    op.drop_column("stages", "asked_at")
    op.drop_column("stages", "priority")
