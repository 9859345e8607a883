"""All tables, the full-text indexes of spans, and what keeps the audit trail append-only."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TEXT = sa.String()
_WORD = sa.String(length=32)
_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# External-content tables (SQLite manual, "FTS5", 4.4.3) kept in step by triggers, in the transaction of the change.
# The tokens are made by Reelgate: the `ascii` tokenizer only splits them at blanks, as every other character in them is
# an ASCII letter or digit or beyond ASCII. `columnsize` is for ranking, which is not used. Prefix indexes would make the
# first one 2.7 times as large and as much to write; without them the words of a prefix are gathered from a million spans
# in at most 50 ms.
_SQLITE_SEARCH = (
    """CREATE VIRTUAL TABLE span_tokens_index USING fts5(
    tokens, content='span_texts', content_rowid='span_id', tokenize='ascii', columnsize=0)""",
    """CREATE VIRTUAL TABLE span_folded_index USING fts5(
        folded, content='span_texts', content_rowid='span_id', tokenize='trigram case_sensitive 1',
        columnsize=0)""",
    """CREATE TRIGGER span_texts_inserted AFTER INSERT ON span_texts BEGIN
        INSERT INTO span_tokens_index(rowid, tokens) VALUES (new.span_id, new.tokens);
        INSERT INTO span_folded_index(rowid, folded) VALUES (new.span_id, new.folded);
    END""",
    """CREATE TRIGGER span_texts_deleted AFTER DELETE ON span_texts BEGIN
        INSERT INTO span_tokens_index(span_tokens_index, rowid, tokens) VALUES ('delete', old.span_id, old.tokens);
        INSERT INTO span_folded_index(span_folded_index, rowid, folded) VALUES ('delete', old.span_id, old.folded);
    END""",
    """CREATE TRIGGER span_texts_updated AFTER UPDATE ON span_texts BEGIN
        INSERT INTO span_tokens_index(span_tokens_index, rowid, tokens) VALUES ('delete', old.span_id, old.tokens);
        INSERT INTO span_folded_index(span_folded_index, rowid, folded) VALUES ('delete', old.span_id, old.folded);
        INSERT INTO span_tokens_index(rowid, tokens) VALUES (new.span_id, new.tokens);
        INSERT INTO span_folded_index(rowid, folded) VALUES (new.span_id, new.folded);
    END""",
    # `gateway.search.upkeep` merges instead, after the transaction.
    "INSERT INTO span_tokens_index(span_tokens_index, rank) VALUES ('automerge', 0)",
    "INSERT INTO span_folded_index(span_folded_index, rank) VALUES ('automerge', 0)",
)
# Kilobytes of new entries: several recordings', which `gateway.search.upkeep` puts in their places after each.
_PENDING_LIMIT = 65536

_APPEND_ONLY = ("audit_events", "audit_checkpoints", "audit_mentions")
_APPEND_ONLY_FUNCTION = """
CREATE FUNCTION reelgate_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""


def upgrade() -> None:
    _people_and_targets()
    _sessions_and_recordings()
    _work()
    _search()
    _retention()
    _evidence()
    _audit()
    _storage()
    _default_policy()
    if _is_postgresql():
        _index_on_postgresql()
        _refuse_changes_on_postgresql()
    else:
        for statement in _SQLITE_SEARCH:
            op.execute(statement)
        _refuse_changes_on_sqlite()


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _required(name: str, kind: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, **options)


def _optional(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _people_and_targets() -> None:
    op.create_table(
        "users",
        _required("id", _TEXT),
        _required("username", _TEXT),
        _required("display_name", _TEXT),
        _required("role", _WORD),
        _required("password_hash", _TEXT),
        _required("created_at", _TIME),
        _optional("disabled_at", _TIME),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_users_username", "users", ["username"], unique=True)
    op.create_table(
        "sign_ins",
        _required("id", _TEXT),
        _required("token_hash", _TEXT),
        _required("user_id", _TEXT),
        _required("address", _TEXT),
        _required("created_at", _TIME),
        _required("expires_at", _TIME),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sign_ins_token_hash", "sign_ins", ["token_hash"], unique=True)
    op.create_index("ix_sign_ins_user_id", "sign_ins", ["user_id"])
    op.create_table(
        "sign_in_attempts",
        _required("id", _TEXT),
        _required("scope", _WORD),
        _required("username", _TEXT),
        _required("address", _TEXT),
        _required("failure_count", sa.Integer()),
        _required("refused_count", sa.Integer()),
        _required("event_count", sa.Integer()),
        _required("began_at", _TIME),
        _required("expires_at", _TIME),
        _optional("next_at", _TIME),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("scope", "username", "address"),
    )
    op.create_index("ix_sign_in_attempts_expires_at", "sign_in_attempts", ["expires_at"])
    op.create_table(
        "targets",
        _required("id", _TEXT),
        _required("name", _TEXT),
        _required("protocol", _TEXT),
        _required("host", _TEXT),
        _required("port", sa.Integer()),
        _required("parameters", _JSON),
        _required("record_keys", sa.Boolean()),
        _required("created_at", _TIME),
        _optional("removed_at", _TIME),
        _required("recording_policy", _WORD, server_default="strict"),
        _required("index_text", sa.Boolean(), server_default=sa.true()),
        _required("target_group", _TEXT, server_default=""),
        _required("risk_class", _WORD, server_default="standard"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_targets_name", "targets", ["name"], unique=True)
    op.create_table(
        "credentials",
        _required("id", _TEXT),
        _required("target_id", _TEXT),
        _required("username", _TEXT),
        _required("encrypted_secret", _TEXT),
        _required("updated_at", _TIME),
        sa.ForeignKeyConstraint(["target_id"], ["targets.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_credentials_target_id", "credentials", ["target_id"], unique=True)
    op.create_table(
        "tickets",
        _required("token_hash", _TEXT),
        _required("user_id", _TEXT),
        _required("target_id", _TEXT),
        _required("address", _TEXT),
        _required("created_at", _TIME),
        _required("expires_at", _TIME),
        _optional("redeemed_at", _TIME),
        sa.ForeignKeyConstraint(["target_id"], ["targets.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_tickets_expires_at", "tickets", ["expires_at"])
    op.create_table(
        "gateways",
        _required("id", _TEXT),
        _required("started_at", _TIME),
        _required("heartbeat_at", _TIME),
        sa.PrimaryKeyConstraint("id"),
    )


def _sessions_and_recordings() -> None:
    op.create_table(
        "sessions",
        _required("id", _TEXT),
        _required("user_id", _TEXT),
        _required("target_id", _TEXT),
        _required("operator_name", _TEXT),
        _required("target_name", _TEXT),
        _required("protocol", _TEXT),
        _required("state", _WORD),
        _optional("close_reason", _WORD),
        _required("is_locked", sa.Boolean()),
        _optional("close_text", _TEXT),
        _optional("sign_in_id", _TEXT),
        _required("client_address", _TEXT),
        _required("gateway_id", _TEXT),
        _required("opened_at", _TIME),
        _optional("closed_at", _TIME),
        sa.ForeignKeyConstraint(["target_id"], ["targets.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sessions_gateway_id", "sessions", ["gateway_id"])
    op.create_index("ix_sessions_opened_at", "sessions", ["opened_at"])
    op.create_index("ix_sessions_state", "sessions", ["state"])
    op.create_index("ix_sessions_target_id", "sessions", ["target_id"])
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "session_commands",
        _required("id", _TEXT),
        _required("session_id", _TEXT),
        _required("gateway_id", _TEXT),
        _required("verb", _WORD),
        _optional("close_reason", _WORD),
        _required("text", _TEXT),
        _optional("author_id", _TEXT),
        _required("author_name", _TEXT),
        _required("state", _WORD),
        _required("placed_at", _TIME),
        _optional("settled_at", _TIME),
        _optional("acknowledged_at", _TIME),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_session_commands_session_id", "session_commands", ["session_id"])
    op.create_index("ix_session_commands_state", "session_commands", ["state"])
    op.create_table(
        "recordings",
        _required("id", _TEXT),
        _optional("session_id", _TEXT),
        _required("kind", _WORD),
        _required("source", _WORD),
        _required("state", _WORD),
        _required("tier", _WORD),
        _required("folder", _TEXT),
        _optional("gateway_id", _TEXT),
        _optional("target_id", _TEXT),
        _required("target_name", _TEXT),
        _optional("operator_id", _TEXT),
        _required("operator_name", _TEXT),
        _required("protocol", _TEXT),
        _required("keys_recorded", sa.Boolean()),
        _required("started_at", _TIME),
        _optional("closed_at", _TIME),
        _optional("sealed_at", _TIME),
        _optional("searchable_at", _TIME),
        _optional("archived_at", _TIME),
        _optional("hot_until_at", _TIME),
        _optional("duration_ms", sa.BigInteger()),
        _optional("width", sa.Integer()),
        _optional("height", sa.Integer()),
        _optional("size_bytes", sa.BigInteger()),
        _optional("digest", _TEXT),
        _optional("is_shown", sa.Boolean()),
        _required("facts", _JSON),
        _optional("ocr_engine", _TEXT),
        _optional("screen_seconds", sa.Float()),
        _optional("read_seconds", sa.Float()),
        _required("index_text", sa.Boolean(), server_default=sa.true()),
        _required("target_group", _TEXT, server_default=""),
        _required("risk_class", _WORD, server_default="standard"),
        _optional("retain_until_at", _TIME),
        _optional("purge_after_at", _TIME),
        _optional("purged_at", _TIME),
        _optional("imported_at", _TIME),
        _required("is_start_guessed", sa.Boolean(), server_default=sa.false()),
        sa.ForeignKeyConstraint(["operator_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"]),
        sa.ForeignKeyConstraint(["target_id"], ["targets.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_recordings_coverage",
        "recordings",
        ["searchable_at", "state", "started_at", "closed_at", "target_id", "screen_seconds", "read_seconds"],
    )
    op.create_index("ix_recordings_gateway_id", "recordings", ["gateway_id"])
    op.create_index("ix_recordings_operator_id", "recordings", ["operator_id"])
    op.create_index("ix_recordings_operator_name", "recordings", ["operator_name"])
    op.create_index("ix_recordings_purge_after_at", "recordings", ["purge_after_at"])
    op.create_index("ix_recordings_session_id", "recordings", ["session_id"], unique=True)
    op.create_index("ix_recordings_started_at", "recordings", ["started_at"])
    op.create_index("ix_recordings_state", "recordings", ["state"])
    op.create_index("ix_recordings_target_id", "recordings", ["target_id"])
    op.create_index("ix_recordings_target_name", "recordings", ["target_name"])
    op.create_table(
        "recording_keys",
        _required("recording_id", _TEXT),
        _required("master_key_id", _TEXT),
        _required("wrapped_key", _TEXT),
        _required("created_at", _TIME),
        _optional("destroyed_at", _TIME),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("recording_id"),
    )
    op.create_index("ix_recording_keys_master_key_id", "recording_keys", ["master_key_id"])
    op.create_table(
        "segments",
        _required("id", _TEXT),
        _required("recording_id", _TEXT),
        _required("number", sa.Integer()),
        _required("name", _TEXT),
        _required("size_bytes", sa.BigInteger()),
        _required("sha256", _TEXT),
        _required("stored_bytes", sa.BigInteger()),
        _required("stored_sha256", _TEXT),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("recording_id", "number"),
    )
    op.create_index("ix_segments_recording_id", "segments", ["recording_id"])
    op.create_table(
        "gaps",
        _required("id", _TEXT),
        _required("recording_id", _TEXT),
        _required("start_ms", sa.BigInteger()),
        _optional("end_ms", sa.BigInteger()),
        _required("cause", _WORD),
        _required("detail", _TEXT),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_gaps_recording_id", "gaps", ["recording_id"])
    op.create_table(
        "renditions",
        _required("id", _TEXT),
        _required("recording_id", _TEXT),
        _required("name", _TEXT),
        _required("size_bytes", sa.BigInteger()),
        _required("sha256", _TEXT),
        _required("engine", _TEXT),
        _required("created_at", _TIME),
        _required("run_id", _TEXT, server_default=""),
        _required("start_byte", sa.BigInteger(), server_default="0"),
        _optional("end_byte", sa.BigInteger()),
        _required("stored_bytes", sa.BigInteger()),
        _required("stored_sha256", _TEXT),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("recording_id", "name"),
    )
    op.create_index("ix_renditions_recording_id", "renditions", ["recording_id"])
    op.create_table(
        "archive_objects",
        _required("id", _TEXT),
        _required("recording_id", _TEXT),
        _required("name", _TEXT),
        _required("key", _TEXT),
        _optional("version_id", _TEXT),
        _required("size_bytes", sa.BigInteger()),
        _required("sha256", _TEXT),
        _required("verified_at", _TIME),
        _required("encoding", _TEXT, server_default=""),
        _optional("content_bytes", sa.BigInteger()),
        _optional("content_sha256", _TEXT),
        _required("storage_class", _TEXT, server_default=""),
        _optional("locked_until_at", _TIME),
        _required("legal_hold", sa.Boolean(), server_default=sa.false()),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("recording_id", "name"),
    )
    op.create_index("ix_archive_objects_recording_id", "archive_objects", ["recording_id"])


def _work() -> None:
    op.create_table(
        "stages",
        _required("id", _TEXT),
        _required("recording_id", _TEXT),
        _required("name", _WORD),
        _required("state", _WORD),
        _required("progress", sa.Float()),
        _required("attempt_count", sa.Integer()),
        _optional("error", _TEXT),
        _optional("not_before_at", _TIME),
        _optional("lease_until_at", _TIME),
        _optional("lease_owner", _TEXT),
        _optional("started_at", _TIME),
        _optional("finished_at", _TIME),
        _required("priority", sa.Integer(), server_default="1"),
        _required("requested_at", _TIME, server_default="1970-01-01 00:00:00"),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("recording_id", "name"),
    )
    op.create_index("ix_stages_finished_at", "stages", ["finished_at"])
    op.create_index("ix_stages_recording_id", "stages", ["recording_id"])
    op.create_index("ix_stages_state", "stages", ["state"])
    op.create_table(
        "tasks",
        _required("id", _TEXT),
        _required("kind", _WORD),
        _optional("recording_id", _TEXT),
        _required("parameters", _JSON),
        _required("result", _JSON),
        _optional("requested_by", _TEXT),
        _required("requested_by_name", _TEXT),
        _required("requested_at", _TIME),
        _required("state", _WORD),
        _required("progress", sa.Float()),
        _required("attempt_count", sa.Integer()),
        _optional("error", _TEXT),
        _optional("not_before_at", _TIME),
        _optional("lease_until_at", _TIME),
        _optional("lease_owner", _TEXT),
        _optional("started_at", _TIME),
        _optional("finished_at", _TIME),
        _required("priority", sa.Integer(), server_default="1"),
        sa.ForeignKeyConstraint(["requested_by"], ["users.id"]),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_tasks_requested_at", "tasks", ["requested_at"])
    op.create_index("ix_tasks_kind", "tasks", ["kind"])
    op.create_index("ix_tasks_recording_id", "tasks", ["recording_id"])
    op.create_index("ix_tasks_state", "tasks", ["state"])


def _search() -> None:
    op.create_table(
        "spans",
        _required("id", _ROW_NUMBER),
        _required("recording_id", _TEXT),
        _required("source", _WORD),
        _required("text", _TEXT),
        _required("start_ms", sa.BigInteger()),
        _required("end_ms", sa.BigInteger()),
        _optional("place", _JSON),
        _required("confidence", sa.Float()),
        _required("words", _JSON),
        _required("start_byte", sa.BigInteger()),
        _required("end_byte", sa.BigInteger()),
        _optional("transfer", _JSON),
        _optional("rendition_id", _TEXT),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_spans_moment", "spans", ["recording_id", "start_ms", "end_ms"])
    op.create_table(
        "span_texts",
        _required("span_id", _ROW_NUMBER, autoincrement=False),
        _required("tokens", postgresql.TSVECTOR() if _is_postgresql() else sa.Text()),
        _required("folded", sa.Text()),
        sa.ForeignKeyConstraint(["span_id"], ["spans.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("span_id"),
    )
    op.create_table(
        "watch_terms",
        _required("id", _TEXT),
        _required("name", _TEXT),
        _required("query", _TEXT),
        _required("created_by", _TEXT),
        _required("created_at", _TIME),
        _optional("disabled_at", _TIME),
        _optional("backlog_id", _TEXT),
        sa.ForeignKeyConstraint(["backlog_id"], ["tasks.id"], name="fk_watch_terms_backlog_id"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_watch_terms_name", "watch_terms", ["name"], unique=True)
    op.create_table(
        "findings",
        _required("id", _TEXT),
        _required("watch_term_id", _TEXT),
        _required("recording_id", _TEXT),
        _required("digest", _TEXT),
        _required("at", _TIME),
        _required("text", _TEXT),
        _required("start_ms", sa.BigInteger()),
        _required("end_ms", sa.BigInteger()),
        _optional("place", _JSON),
        _required("source", _WORD),
        _required("match", _WORD),
        _required("created_at", _TIME),
        _required("verdict", _WORD),
        _required("comment", _TEXT),
        _optional("reviewed_by", _TEXT),
        _optional("reviewed_at", _TIME),
        _optional("transfer", _JSON),
        sa.ForeignKeyConstraint(["watch_term_id"], ["watch_terms.id"]),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.ForeignKeyConstraint(["reviewed_by"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("watch_term_id", "recording_id", "digest"),
    )
    op.create_index("ix_findings_at", "findings", ["at"])
    op.create_index("ix_findings_recording_id", "findings", ["recording_id"])


def _retention() -> None:
    op.create_table(
        "retention_policies",
        _required("id", _TEXT),
        _required("name", _TEXT),
        _optional("target_id", _TEXT),
        _optional("target_group", _TEXT),
        _optional("risk_class", _WORD),
        _optional("hot_days", sa.Float()),
        _required("retain_for_days", sa.Float()),
        _optional("delete_after_days", sa.Float()),
        _required("object_lock", sa.Boolean()),
        _required("created_at", _TIME),
        _required("updated_at", _TIME),
        _optional("removed_at", _TIME),
        sa.ForeignKeyConstraint(["target_id"], ["targets.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_retention_policies_name", "retention_policies", ["name"], unique=True)
    op.create_index("ix_retention_policies_target_id", "retention_policies", ["target_id"])
    op.create_table(
        "holds",
        _required("id", _TEXT),
        _required("recording_id", _TEXT),
        _required("reason", _TEXT),
        _required("case_number", _TEXT),
        _required("owner_id", _TEXT),
        _required("owner_name", _TEXT),
        _required("placed_at", _TIME),
        _optional("released_at", _TIME),
        _required("released_by_name", _TEXT),
        _required("release_reason", _TEXT),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_holds_case_number", "holds", ["case_number"])
    op.create_index("ix_holds_recording_id", "holds", ["recording_id"])
    op.create_index("ix_holds_released_at", "holds", ["released_at"])
    op.create_table(
        "purges",
        _required("id", _TEXT),
        _required("recording_id", _TEXT),
        _required("state", _WORD),
        _required("reason", _TEXT),
        _optional("marked_by", _TEXT),
        _required("marked_by_name", _TEXT),
        _required("marked_at", _TIME),
        _required("due_at", _TIME),
        _required("waiting_for", _TEXT),
        _optional("began_at", _TIME),
        _required("inventory", _JSON),
        _optional("ended_at", _TIME),
        _required("ended_by_name", _TEXT),
        _required("end_reason", _TEXT),
        sa.ForeignKeyConstraint(["marked_by"], ["users.id"]),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_purges_due_at", "purges", ["due_at"])
    op.create_index("ix_purges_recording_id", "purges", ["recording_id"])
    op.create_index("ix_purges_state", "purges", ["state"])
    op.create_table(
        "tombstones",
        _required("recording_id", _TEXT),
        _required("purged_at", _TIME),
        _required("files", _JSON),
        _required("certificate", _JSON),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("recording_id"),
    )


def _evidence() -> None:
    op.create_table(
        "verifications",
        _required("id", _TEXT),
        _required("recording_id", _TEXT),
        _required("at", _TIME),
        _required("requested_by", _TEXT),
        _required("outcome", _WORD),
        _required("faults", _JSON),
        _required("facts", _JSON),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_verifications_at", "verifications", ["at"])
    op.create_index("ix_verifications_recording_id", "verifications", ["recording_id"])
    op.create_table(
        "discrepancies",
        _required("id", _TEXT),
        _optional("recording_id", _TEXT),
        _required("kind", _WORD),
        _required("name", _TEXT),
        _required("detail", _TEXT),
        _required("found_at", _TIME),
        _required("seen_at", _TIME),
        _optional("repaired_at", _TIME),
        _optional("gone_at", _TIME),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_discrepancies_recording_id", "discrepancies", ["recording_id"])
    op.create_table(
        "exports",
        _required("id", _TEXT),
        _required("task_id", _TEXT),
        _required("recording_id", _TEXT),
        _required("kind", _WORD),
        _required("created_by", _TEXT),
        _required("created_at", _TIME),
        _required("expires_at", _TIME),
        _optional("removed_at", _TIME),
        _required("name", _TEXT),
        _optional("size_bytes", sa.BigInteger()),
        _optional("sha256", _TEXT),
        _required("facts", _JSON),
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
        _required("id", _TEXT),
        _required("export_id", _TEXT),
        _required("token_hash", _TEXT),
        _required("recipient", _TEXT),
        _required("created_by", _TEXT),
        _required("created_at", _TIME),
        _required("expires_at", _TIME),
        _required("use_limit", sa.Integer()),
        _required("use_count", sa.Integer()),
        _optional("revoked_at", _TIME),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"]),
        sa.ForeignKeyConstraint(["export_id"], ["exports.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_export_links_export_id", "export_links", ["export_id"])
    op.create_index("ix_export_links_token_hash", "export_links", ["token_hash"], unique=True)


def _audit() -> None:
    op.create_table(
        "signing_keys",
        _required("id", _TEXT),
        _required("public_key", _TEXT),
        _required("created_at", _TIME),
        _optional("retired_at", _TIME),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "audit_events",
        _required("id", _ROW_NUMBER),
        _required("at", _TIME),
        _required("tag", _TEXT),
        _optional("actor_id", _TEXT),
        _required("actor_name", _TEXT),
        _required("address", _TEXT),
        _optional("subject_id", _TEXT),
        _required("details", _JSON),
        _required("previous_hash", _TEXT),
        _required("hash", _TEXT),
        _required("key_id", _TEXT, server_default=""),
        _required("signature", _TEXT, server_default=""),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_events_actor_id", "audit_events", ["actor_id"])
    op.create_index("ix_audit_events_at", "audit_events", ["at"])
    op.create_index("ix_audit_events_subject_id", "audit_events", ["subject_id"])
    op.create_index("ix_audit_events_tag", "audit_events", ["tag"])
    op.create_table(
        "audit_mentions",
        _required("recording_id", _TEXT),
        _required("event_id", sa.BigInteger(), autoincrement=False),
        sa.PrimaryKeyConstraint("recording_id", "event_id"),
    )
    op.create_table(
        "audit_checkpoints",
        _required("event_id", sa.BigInteger(), autoincrement=False),
        _required("hash", _TEXT),
        _required("at", _TIME),
        _required("key_id", _TEXT),
        _required("signature", _TEXT),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_table(
        "audit_checks",
        _required("id", _TEXT),
        _required("at", _TIME),
        _required("requested_by", _TEXT),
        _required("after_event_id", sa.BigInteger()),
        _required("event_id", sa.BigInteger()),
        _required("event_count", sa.BigInteger()),
        _optional("broken_kind", _WORD),
        _optional("broken_event_id", sa.BigInteger()),
        _optional("broken_at", _TIME),
        _required("detail", _TEXT),
        _required("remarks", _JSON, server_default="[]"),
        _required("outside", _TEXT, server_default=""),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_checks_at", "audit_checks", ["at"])


def _storage() -> None:
    op.create_table(
        "archive_checks",
        _required("place", _TEXT),
        _required("checked_at", _TIME),
        _required("is_usable", sa.Boolean()),
        _required("reason", _TEXT),
        _required("requirements", _JSON),
        sa.PrimaryKeyConstraint("place"),
    )
    op.create_table(
        "storage_samples",
        _required("at", _TIME),
        _required("hot_bytes", sa.BigInteger()),
        _required("archive_bytes", sa.BigInteger()),
        _required("free_bytes", sa.BigInteger()),
        _required("total_bytes", sa.BigInteger()),
        sa.PrimaryKeyConstraint("at"),
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


def _index_on_postgresql() -> None:
    limit = f"WITH (gin_pending_list_limit = {_PENDING_LIMIT})"
    op.execute(f"CREATE INDEX ix_span_texts_tokens ON span_texts USING gin (tokens) {limit}")
    if _has_trigrams():
        op.execute(f"CREATE INDEX ix_span_texts_folded ON span_texts USING gin (folded gin_trgm_ops) {limit}")


def _has_trigrams() -> bool:
    """Install pg_trgm where the server has it and this account may; without it the tolerant pass reads every row."""
    bind = op.get_bind()
    if not bind.execute(sa.text("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")).first():
        return False
    try:
        with bind.begin_nested():
            bind.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except sa.exc.ProgrammingError:  # insufficient_privilege: the database belongs to someone else
        return False
    return True


def _refuse_changes_on_sqlite() -> None:
    for table in _APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    # INSERT OR REPLACE deletes without the trigger above (SQLite manual, "PRAGMA recursive_triggers").
    for table, key in (("audit_events", "id"), ("audit_checkpoints", "event_id")):
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - names from above
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _refuse_changes_on_postgresql() -> None:
    op.execute(_APPEND_ONLY_FUNCTION)
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION reelgate_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION reelgate_append_only()"
        )
