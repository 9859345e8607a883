"""full-text indexes of what spans are found by"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# External-content tables (SQLite manual, "FTS5", 4.4.3) kept in step by triggers, in the transaction of the change.
# The tokens are made by Reelgate: the `ascii` tokenizer only parts them at blanks, as every other character in them is
# an ASCII letter or digit or beyond ASCII. `columnsize` is for ranking, which is not used.
_SQLITE = (
    """CREATE VIRTUAL TABLE span_tokens_index USING fts5(
        tokens, content='span_texts', content_rowid='span_id', tokenize='ascii', prefix='2 3', columnsize=0)""",
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
)


def upgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "span_texts",
        sa.Column("span_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False),
        sa.Column("tokens", postgresql.TSVECTOR() if on_postgresql else sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["span_id"], ["spans.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("span_id"),
    )
    if not on_postgresql:
        for statement in _SQLITE:
            op.execute(statement)
        return
    op.execute("CREATE INDEX ix_span_texts_tokens ON span_texts USING gin (tokens)")
    if _has_trigrams():
        op.execute("CREATE INDEX ix_span_texts_folded ON span_texts USING gin (folded gin_trgm_ops)")


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


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        op.execute("DROP TABLE span_tokens_index")
        op.execute("DROP TABLE span_folded_index")
    op.drop_table("span_texts")
