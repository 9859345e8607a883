"""Spans that were there before keep their full-text index when they learn which way a clipboard went."""

from pathlib import Path

from sqlalchemy import create_engine, text

from gateway.db.migrate import upgrade


def test_spans_stay_and_can_still_be_removed_from_the_index(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    upgrade(url, "0004")
    engine = create_engine(url)
    with engine.begin() as connection:
        triggers = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'span%'")
        ).all()
        connection.execute(text(_RECORDING))
        connection.execute(text(_SPAN))
    upgrade(url)
    with engine.connect() as connection:
        after = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'span%'")
        ).all()
        rows = connection.execute(text("SELECT text, transfer FROM spans")).all()
    engine.dispose()
    assert triggers == after
    assert [tuple(row) for row in rows] == [("old", None)]


_RECORDING = (
    "INSERT INTO recordings (id, kind, source, state, tier, folder, target_name, operator_name, protocol, keys_recorded,"
    " started_at, facts) VALUES ('r', 'desktop', 'live', 'sealed', 'hot', 'r', 't', 'o', 'vnc', true,"
    " '2026-01-01 00:00:00', '{}')"
)
_SPAN = (
    "INSERT INTO spans (id, recording_id, source, text, start_ms, end_ms, x, y, width, height, confidence, words,"
    " start_byte, end_byte) VALUES (1, 'r', 'clipboard', 'old', 0, 1, 0, 0, 0, 0, 1.0, '[]', 0, 1)"
)
