"""The archive is looked at when it must be, and refused with the reason while it is not usable."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from gateway.core.errors import UnavailableError
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import ArchiveCheck, RetentionPolicy
from gateway.keys.site import open_database
from gateway.settings import Settings, get_settings
from gateway.storage.archive_checks import check_archive, ensure_usable, latest
from gateway.storage.local import FolderStore
from gateway.storage.stores import Required, RequirementCheck
from tests.parts.database import upgrade
from tests.parts.program import reelgate


class CountingStore(FolderStore):
    """Says how often it was looked at."""

    looks = 0

    def check(self, required: Required) -> list[RequirementCheck]:
        self.looks += 1
        return super().check(required)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, _env_file=None)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    upgrade(settings.database)
    database = open_database(settings)
    yield database
    database.close()


@pytest.fixture
def store(settings: Settings) -> CountingStore:
    return CountingStore(settings.archive_dir)


def demand_lock(database: Database) -> None:
    with database.write() as session:
        policy = session.exec(select(RetentionPolicy)).one()
        policy.object_lock = True
        session.add(policy)


def age(database: Database, store: FolderStore, by: timedelta) -> None:
    with database.write() as session:
        row = latest(session, store)
        assert row is not None
        row.checked_at = utc_now() - by
        session.add(row)


def test_what_was_found_sound_is_relied_on_for_a_while(
    settings: Settings, database: Database, store: CountingStore
) -> None:
    for _ in range(3):
        ensure_usable(settings, database, store)
    assert store.looks == 1
    age(database, store, timedelta(minutes=16))
    ensure_usable(settings, database, store)
    assert store.looks == 2


def test_a_demand_that_is_new_is_looked_at_at_once(
    settings: Settings, database: Database, store: CountingStore
) -> None:
    ensure_usable(settings, database, store)
    demand_lock(database)
    with pytest.raises(UnavailableError, match='which the retention policy "Default" requires'):
        ensure_usable(settings, database, store)
    assert store.looks == 2


def test_a_refused_archive_is_looked_at_again_soon_but_not_by_everyone(
    settings: Settings, database: Database, store: CountingStore
) -> None:
    settings.archive_dir.write_text("a file where the folder should be")
    for _ in range(2):
        with pytest.raises(UnavailableError, match="archiving to"):
            ensure_usable(settings, database, store)
    assert store.looks == 1
    settings.archive_dir.unlink()
    age(database, store, timedelta(seconds=31))
    ensure_usable(settings, database, store)


def test_the_setting_demands_locks_too(settings: Settings, database: Database, store: CountingStore) -> None:
    strict = settings.model_copy(update={"s3_require_object_lock": True})
    row = check_archive(strict, database, store)
    assert not row.is_usable
    assert "the setting s3_require_object_lock requires" in row.reason


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("REELGATE_DATA_DIR", str(tmp_path))
    get_settings.cache_clear()
    upgrade(Settings(data_dir=tmp_path).database)
    yield tmp_path
    get_settings.cache_clear()


def test_the_command_says_how_it_stands(environment: Path) -> None:
    answer = reelgate("archive", "check")
    assert answer.exit_code == 0, answer.output
    assert "round_trip" in answer.output
    assert "written, read back, deleted" in answer.output
    database = Database(Settings(data_dir=environment).database)
    with database.read() as session:
        assert session.exec(select(ArchiveCheck)).one().is_usable
    database.close()


def test_the_command_fails_where_the_archive_does(environment: Path) -> None:
    (environment / "archive").write_text("a file where the folder should be")
    answer = reelgate("archive", "check")
    assert answer.exit_code == 1
    assert "reelgate: archiving to" in answer.output
