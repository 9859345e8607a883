"""evidence: keys, tasks, retention, holds, purges, exports, verification, what storage holds"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_TABLES = (
    "archive_checks",
    "audit_checkpoints",
    "signing_keys",
    "storage_samples",
    "retention_policies",
    "discrepancies",
    "holds",
    "tasks",
    "purges",
    "recording_keys",
    "tombstones",
    "verifications",
    "exports",
    "export_links",
)


def upgrade() -> None:
    _create_tables()
    for table, column in _columns():
        op.add_column(table, column)
    op.create_index("ix_recordings_purge_after_at", "recordings", ["purge_after_at"])
    _default_policy()


def _columns() -> tuple[tuple[str, sa.Column[Any]], ...]:
    """Plain ALTER TABLE: rebuilding SQLite's tables would cost the full-text triggers of `spans`, and hours on large ones."""
    return (
        ("archive_objects", sa.Column("encoding", sa.String(), nullable=False, server_default="")),
        ("archive_objects", sa.Column("content_bytes", sa.BigInteger(), nullable=True)),
        ("archive_objects", sa.Column("content_sha256", sa.String(), nullable=True)),
        ("archive_objects", sa.Column("storage_class", sa.String(), nullable=False, server_default="")),
        ("archive_objects", sa.Column("locked_until_at", sa.DateTime(timezone=True), nullable=True)),
        ("archive_objects", sa.Column("legal_hold", sa.Boolean(), nullable=False, server_default=sa.false())),
        ("recordings", sa.Column("index_text", sa.Boolean(), nullable=False, server_default=sa.true())),
        ("recordings", sa.Column("target_group", sa.String(), nullable=False, server_default="")),
        ("recordings", sa.Column("risk_class", sa.String(length=32), nullable=False, server_default="standard")),
        ("recordings", sa.Column("retain_until_at", sa.DateTime(timezone=True), nullable=True)),
        ("recordings", sa.Column("purge_after_at", sa.DateTime(timezone=True), nullable=True)),
        ("recordings", sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True)),
        ("renditions", sa.Column("run_id", sa.String(), nullable=False, server_default="")),
        ("renditions", sa.Column("start_byte", sa.BigInteger(), nullable=False, server_default="0")),
        ("renditions", sa.Column("end_byte", sa.BigInteger(), nullable=True)),
        ("renditions", sa.Column("stored_bytes", sa.BigInteger(), nullable=True)),
        ("renditions", sa.Column("stored_sha256", sa.String(), nullable=True)),
        ("segments", sa.Column("stored_bytes", sa.BigInteger(), nullable=True)),
        ("segments", sa.Column("stored_sha256", sa.String(), nullable=True)),
        ("spans", sa.Column("rendition_id", sa.String(), nullable=True)),
        ("targets", sa.Column("recording_policy", sa.String(length=32), nullable=False, server_default="strict")),
        ("targets", sa.Column("index_text", sa.Boolean(), nullable=False, server_default=sa.true())),
        ("targets", sa.Column("target_group", sa.String(), nullable=False, server_default="")),
        ("targets", sa.Column("risk_class", sa.String(length=32), nullable=False, server_default="standard")),
    )


def _default_policy() -> None:
    """A year altogether, and 30 days more until it goes by itself: an administrator sees it before anything is marked."""
    now = datetime.now(UTC)
    policies = sa.table(
        "retention_policies",
        sa.column("id", sa.String()),
        sa.column("name", sa.String()),
        sa.column("retain_for_days", sa.Float()),
        sa.column("delete_after_days", sa.Float()),
        sa.column("object_lock", sa.Boolean()),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("updated_at", sa.DateTime(timezone=True)),
    )
    op.execute(
        policies.insert().values(
            id="default",
            name="Default",
            retain_for_days=365,
            delete_after_days=395,
            object_lock=False,
            created_at=now,
            updated_at=now,
        )
    )


def downgrade() -> None:
    op.drop_index("ix_recordings_purge_after_at", "recordings")
    for table, column in reversed(_columns()):
        op.drop_column(table, column.name)
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_tables() -> None:
    op.create_table(
        "archive_checks",
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_usable", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("promises", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("place"),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "storage_samples",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hot_bytes", sa.BigInteger(), nullable=False),
        sa.Column("archive_bytes", sa.BigInteger(), nullable=False),
        sa.Column("free_bytes", sa.BigInteger(), nullable=False),
        sa.Column("total_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("at"),
    )
    op.create_table(
        "retention_policies",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("target_id", sa.String(), nullable=True),
        sa.Column("target_group", sa.String(), nullable=True),
        sa.Column("risk_class", sa.String(length=32), nullable=True),
        sa.Column("hot_days", sa.Float(), nullable=True),
        sa.Column("retain_for_days", sa.Float(), nullable=False),
        sa.Column("delete_after_days", sa.Float(), nullable=True),
        sa.Column("object_lock", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["target_id"], ["targets.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_retention_policies_name", "retention_policies", ["name"], unique=True)
    op.create_index("ix_retention_policies_target_id", "retention_policies", ["target_id"])
    op.create_table(
        "discrepancies",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recording_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("repaired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_discrepancies_recording_id", "discrepancies", ["recording_id"])
    op.create_table(
        "holds",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recording_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("case_number", sa.String(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_name", sa.String(), nullable=False),
        sa.Column("release_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_holds_case_number", "holds", ["case_number"])
    op.create_index("ix_holds_recording_id", "holds", ["recording_id"])
    op.create_index("ix_holds_released_at", "holds", ["released_at"])
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("recording_id", sa.String(), nullable=True),
        sa.Column("parameters", _JSON, nullable=False),
        sa.Column("result", _JSON, nullable=False),
        sa.Column("asked_by", sa.String(), nullable=True),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("attempt_count", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("not_before_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"]),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_tasks_asked_at", "tasks", ["asked_at"])
    op.create_index("ix_tasks_kind", "tasks", ["kind"])
    op.create_index("ix_tasks_recording_id", "tasks", ["recording_id"])
    op.create_index("ix_tasks_state", "tasks", ["state"])
    op.create_table(
        "purges",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recording_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("marked_by", sa.String(), nullable=True),
        sa.Column("marked_by_name", sa.String(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_for", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inventory", _JSON, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_name", sa.String(), nullable=False),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["marked_by"], ["users.id"]),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_purges_due_at", "purges", ["due_at"])
    op.create_index("ix_purges_recording_id", "purges", ["recording_id"])
    op.create_index("ix_purges_state", "purges", ["state"])
    op.create_table(
        "recording_keys",
        sa.Column("recording_id", sa.String(), nullable=False),
        sa.Column("master_key_id", sa.String(), nullable=False),
        sa.Column("wrapped_key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("recording_id"),
    )
    op.create_index("ix_recording_keys_master_key_id", "recording_keys", ["master_key_id"])
    op.create_table(
        "tombstones",
        sa.Column("recording_id", sa.String(), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("files", _JSON, nullable=False),
        sa.Column("certificate", _JSON, nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("recording_id"),
    )
    op.create_table(
        "verifications",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recording_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("faults", _JSON, nullable=False),
        sa.Column("facts", _JSON, nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_verifications_at", "verifications", ["at"])
    op.create_index("ix_verifications_recording_id", "verifications", ["recording_id"])
    op.create_table(
        "exports",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("recording_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("facts", _JSON, nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"]),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"]),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("task_id"),
    )
    op.create_index("ix_exports_created_at", "exports", ["created_at"])
    op.create_index("ix_exports_expires_at", "exports", ["expires_at"])
    op.create_index("ix_exports_recording_id", "exports", ["recording_id"])
    op.create_table(
        "export_links",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("export_id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("use_limit", sa.Integer(), nullable=False),
        sa.Column("use_count", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"]),
        sa.ForeignKeyConstraint(["export_id"], ["exports.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_export_links_export_id", "export_links", ["export_id"])
    op.create_index("ix_export_links_token_hash", "export_links", ["token_hash"], unique=True)
