"""Bring the database to the newest schema. Callers: `reelgate up`, `reelgate migrate`, the tests."""

from pathlib import Path

from alembic import command
from alembic.config import Config

_MIGRATIONS = Path(__file__).with_name("migrations")


def upgrade(database_url: str, revision: str = "head") -> None:
    """Apply what is missing, up to `revision`; nothing happens when nothing is missing."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["database_url"] = database_url
    command.upgrade(config, revision)
