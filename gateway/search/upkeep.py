"""Merge new index entries after writing, so that searches become fast again while nobody waits.

The index stage calls this after its commit. Without it searches find the same, but get slower with every recording. It
may be interrupted at any point, and the next call continues.

PostgreSQL's GIN keeps new entries in a pending list which every search scans (manual, "GIN Fast Update Technique"; 5 to
8 ms for 10 000 spans) until they are merged. SQLite's FTS5 keeps them as separate segments (manual, "The merge
Command"), each of which every search opens. Both would otherwise merge them within some writer's transaction.
"""

import time
from typing import Final

from sqlalchemy import text

from gateway.db.database import Database

_SQLITE_INDEXES: Final = ("span_tokens_index", "span_folded_index")
# Pages of 4 KB per step: SQLite's single write lock is held for some 20 ms, followed by a pause in which waiting
# writers, which poll every 25 to 100 ms, can take it.
_MERGE_PAGES: Final = 256
_PAUSE_SECONDS: Final = 0.05
# Steps per call: more than a recording of 10 000 spans needs on average; a large merge continues after the next one.
_MAX_MERGES: Final = 40

_CLEAN = text(
    "SELECT gin_clean_pending_list(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
    "WHERE indrelid = 'span_texts'::regclass AND relam = (SELECT oid FROM pg_am WHERE amname = 'gin') "
    "AND pg_has_role(relowner, 'USAGE')"
)


def tidy(database: Database) -> None:
    """Merge new entries, in separate transactions."""
    if database.is_sqlite:
        for index in _SQLITE_INDEXES:
            _merge(database, index)
        return
    with database.write() as session:
        session.connection().execute(_CLEAN)


def _merge(database: Database, index: str) -> None:
    for _ in range(_MAX_MERGES):
        with database.write() as session:
            run = session.connection().exec_driver_sql
            before = run("SELECT total_changes()").scalar_one()
            run(f"INSERT INTO {index}({index}, rank) VALUES ('merge', {_MERGE_PAGES})")  # noqa: S608 - names of ours
            changed = run("SELECT total_changes()").scalar_one() - before
        if changed < 2:  # as the manual says how to see that there was nothing left to merge  # noqa: PLR2004
            return
        time.sleep(_PAUSE_SECONDS)
