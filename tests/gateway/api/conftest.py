"""An application on a fresh database, with one signed-in client a role."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from gateway.app import create_app
from gateway.audit import Actor
from gateway.core.policy.access import Role
from gateway.db.database import Database
from gateway.identity.passwords import hash_password
from gateway.identity.users import NewUser, create
from gateway.keys.site import open_database
from gateway.settings import Settings
from tests.parts.database import upgrade
from tests.parts.postgres import Postgres

PASSWORD = "correct horse battery"
Client = Callable[[Role | None], TestClient]
BOTH_DATABASES = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def database_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a migrated SQLite database, a user of each role, and keys; copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    fill(Settings(data_dir=folder, _env_file=None))
    return folder


def fill(settings: Settings) -> None:
    """Migrate a database and add a user of each role."""
    upgrade(settings.database)
    database = open_database(settings)
    with database.write() as session:
        for role in Role:
            create(session, NewUser(str(role), f"An {role}", role, hash_password(PASSWORD)), Actor("test"))
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The same with a PostgreSQL database; its URL."""
    folder, url = tmp_path_factory.mktemp("template"), postgres.new_url()
    fill(Settings(data_dir=folder, database_url=SecretStr(url), _env_file=None))
    return folder, url


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """Which database: `BOTH_DATABASES` as a module's mark runs its tests on both, others run on SQLite."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def settings(tmp_path: Path, backend: str, request: pytest.FixtureRequest) -> Settings:
    url = None
    if backend == "sqlite":
        template = request.getfixturevalue("database_template")
    else:
        template, filled = request.getfixturevalue("postgres_template")
        url = SecretStr(request.getfixturevalue("postgres").create_database(copy_of=filled))
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    return Settings(
        data_dir=tmp_path,
        database_url=url,
        guacd="127.0.0.1:9",
        web_dir=tmp_path / "no-pages",
        public_url="http://gate.test",
        _env_file=None,
    )


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create_app(settings)


@pytest.fixture
def anonymous(app: FastAPI) -> Iterator[TestClient]:
    """A client without a sign-in; its life is the application's."""
    with TestClient(app, base_url="http://gate.test") as client:
        yield client


@pytest.fixture
def client(app: FastAPI, anonymous: TestClient) -> Iterator[Client]:
    """Makes clients signed in as a role, or as nobody."""
    assert anonymous
    made: list[TestClient] = []

    def make(role: Role | None) -> TestClient:
        client = TestClient(app, base_url="http://gate.test")
        made.append(client)
        if role is not None:
            answer = client.post("/api/auth/sign-in", json={"username": str(role), "password": PASSWORD})
            assert answer.status_code == 200, answer.text
        return client

    yield make
    for one in made:
        one.close()


@pytest.fixture
def database(app: FastAPI, anonymous: TestClient) -> Database:
    """The running application's database."""
    assert anonymous
    found: Database = app.state.gateway.database
    return found
