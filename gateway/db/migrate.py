"""Bring the database to this version's schema, or refuse one of another version."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from gateway.core.errors import UnavailableError
from gateway.db.database import Database

_MIGRATIONS: Final = Path(__file__).with_name("migrations")


def upgrade(database_url: str, revision: str = "head") -> None:
    """Apply what is missing, up to `revision`. Raises UnavailableError for a database of another version."""
    config = _config()
    config.attributes["database_url"] = database_url
    database = Database(database_url)
    try:
        _revision(database, ScriptDirectory.from_config(config))
    finally:
        database.close()
    command.upgrade(config, revision)


def require_current(database: Database) -> None:
    """Raise UnavailableError, saying what to do, unless the database has this version's schema."""
    scripts = ScriptDirectory.from_config(_config())
    revision = _revision(database, scripts)
    if revision is None:
        raise UnavailableError("the database has no tables yet; run: reelgate migrate")
    if revision != scripts.get_current_head():
        raise UnavailableError("the database is of an older version of Reelgate; run: reelgate migrate")


def _revision(database: Database, scripts: ScriptDirectory) -> str | None:
    with database.engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    try:
        if revision is not None:
            scripts.get_revision(revision)
    except CommandError as error:
        raise UnavailableError(
            f"the database is of another version of Reelgate (schema {revision}): use that version, or restore a backup"
        ) from error
    return revision


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
