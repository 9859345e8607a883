"""An installation with a database, and keys in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.db.database import Database
from gateway.keys.site import open_database
from gateway.settings import Settings
from tests.parts.database import upgrade


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    upgrade(settings.database)
    database = open_database(settings)
    yield database
    database.close()
