"""A trail of six events, on both databases."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.db.database import Database
from gateway.db.models import SigningKey
from gateway.keys.signing import Signer
from gateway.keys.site import open_database
from gateway.settings import Settings
from tests.gateway.audit.check.altering import append
from tests.parts.database import upgrade


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = {} if request.param == "sqlite" else {"database_url": request.getfixturevalue("postgres_url")}
    return Settings.model_validate({"data_dir": tmp_path, **url})


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    upgrade(settings.database)
    database = open_database(settings)
    append(database, 6)
    yield database
    database.close()


@pytest.fixture
def signer(settings: Settings, database: Database) -> Signer:
    """Its public half is put on record without an event of its own."""
    signer = Signer.open(settings)
    with database.write() as session:
        session.add(SigningKey(id=signer.key_id, public_key=base64.b64encode(signer.public_key).decode()))
    return signer
