"""An installation with a database, and keys in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.db.database import Database
from gateway.db.migrate import upgrade
from gateway.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    upgrade(settings.database)
    database = Database(settings.database)
    yield database
    database.close()
