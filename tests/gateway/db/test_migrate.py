"""What migrations make is what the models say, on both databases; a database that is behind is refused."""

import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

import gateway.db.models
from gateway.core.errors import UnavailableError
from gateway.db import migrate
from gateway.db.database import Database

assert gateway.db.models

# Full-text indexes, which the models do not describe.
_INDEXES = ("span_tokens_index", "span_folded_index", "ix_span_texts_")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(
        f"sqlite:///{tmp_path / 'r.db'}" if request.param == "sqlite" else request.getfixturevalue("empty_postgres_url")
    )


def _differences(database: Database) -> list[object]:
    with database.engine.connect() as connection:
        options = {
            "compare_type": True,
            "include_name": lambda name, *_: not str(name).startswith((*_INDEXES, "alembic_version")),
        }
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata))


def test_migrations_make_what_the_models_say(url: str) -> None:
    migrate.upgrade(url)
    database = Database(url)
    found = _differences(database)
    with database.write() as session:
        session.connection().exec_driver_sql("DROP INDEX ix_users_username")
    missing = _differences(database)
    database.close()
    assert found == []
    assert [str(difference[0]) for difference in missing if isinstance(difference, tuple)] == ["add_index"]


def test_a_database_that_is_behind_is_refused_until_it_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'r.db'}"
    migrate.upgrade(url)
    scripts = tmp_path / "migrations"
    shutil.copytree(Path(migrate.__file__).with_name("migrations"), scripts)
    (scripts / "versions" / "9999_next.py").write_text(
        'revision = "9999"\ndown_revision = "0001"\n\n\ndef upgrade() -> None:\n    pass\n'
    )
    monkeypatch.setattr(migrate, "_MIGRATIONS", scripts)
    database = Database(url)
    with pytest.raises(UnavailableError, match="older version of Reelgate; run: reelgate migrate"):
        migrate.require_current(database)
    migrate.upgrade(url)
    migrate.require_current(database)
    database.close()
