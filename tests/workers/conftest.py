"""A worker's context on SQLite and on PostgreSQL, with a data folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.settings import Settings
from tests.parts.database import upgrade
from workers.running.work import WorkerContext


def make_settings(folder: Path, **changed: object) -> Settings:
    """Settings of a test: nothing of the environment, the quick engine."""
    return Settings.model_validate({"data_dir": folder, "ocr_engine": "tesserocr", **changed})


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = {} if request.param == "sqlite" else {"database_url": request.getfixturevalue("postgres_url")}
    return make_settings(tmp_path, **url)


@pytest.fixture
def context(settings: Settings) -> Iterator[WorkerContext]:
    upgrade(settings.database)
    context = WorkerContext.build(settings)
    yield context
    context.database.close()
