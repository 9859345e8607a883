"""less to write for every span, and less of it before the span can be found"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TOKENS = """CREATE VIRTUAL TABLE span_tokens_index USING fts5(
    tokens, content='span_texts', content_rowid='span_id', tokenize='ascii', {prefix}columnsize=0)"""
# Kilobytes of new entries: several recordings', which `gateway.search.upkeep` puts in their places after each.
_PENDING_LIMIT = 65536


def upgrade() -> None:
    # ix_spans_moment begins with the same column.
    op.drop_index("ix_spans_recording_id", "spans")
    if op.get_bind().dialect.name == "sqlite":
        # Indexes of prefixes made this one 2.7 times as large and as much to write. Of a million spans, the words of a
        # prefix are gathered from it in at most 50 ms without them.
        _rebuild("")
        _set_automerge(0)  # `gateway.search.upkeep` merges instead, after the transaction
    else:
        _change_lists(f"SET (gin_pending_list_limit = {_PENDING_LIMIT})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild("prefix='2 3', ")
        _set_automerge(4)  # FTS5's own
    else:
        _change_lists("RESET (gin_pending_list_limit)")
    op.create_index("ix_spans_recording_id", "spans", ["recording_id"])


def _rebuild(prefix: str) -> None:
    """The triggers of migration 0002 name the table, and go on with the new one."""
    op.execute("DROP TABLE span_tokens_index")
    op.execute(_TOKENS.format(prefix=prefix))
    op.execute("INSERT INTO span_tokens_index(span_tokens_index) VALUES ('rebuild')")


def _set_automerge(segments: int) -> None:
    for index in ("span_tokens_index", "span_folded_index"):
        op.execute(f"INSERT INTO {index}({index}, rank) VALUES ('automerge', {segments})")  # noqa: S608 - names of ours


def _change_lists(how: str) -> None:
    """The second index is only where pg_trgm is."""
    for index in ("ix_span_texts_tokens", "ix_span_texts_folded"):
        op.execute(sa.text(f"ALTER INDEX IF EXISTS {index} {how}"))
