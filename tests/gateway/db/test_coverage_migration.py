"""Recordings that were read before there was a coverage get theirs from their facts."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from gateway.db.migrate import upgrade


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(
        f"sqlite:///{tmp_path / 'old.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    )


def test_facts_become_columns(url: str) -> None:
    upgrade(url, "0002")
    engine = create_engine(url)
    read = '{"ocr": {"share_read": 0.5, "coverage": {"seconds_read": 9.0}}}'
    with engine.begin() as connection:
        for name, searchable_at, facts in (
            ("read", "2026-01-01 00:00:00", read),
            ("dark", "2026-01-01 00:00:00", '{"ocr": {"spans": 0}}'),
            ("waiting", None, "{}"),
        ):
            connection.execute(
                text(
                    "INSERT INTO recordings (id, kind, source, state, tier, folder, target_name, operator_name, protocol,"
                    " keys_recorded, started_at, searchable_at, duration_ms, facts) VALUES (:id, 'desktop', 'live',"
                    " 'sealed', 'hot', :id, 't', 'o', 'vnc', true, '2026-01-01 00:00:00', :at, 10000, :facts)"
                ),
                {"id": name, "at": searchable_at, "facts": facts},
            )
    upgrade(url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, screen_seconds, read_seconds FROM recordings ORDER BY id")).all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [("dark", 0.0, 0.0), ("read", 10.0, 4.5), ("waiting", None, None)]
