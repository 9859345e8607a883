"""A copy of a site that is made while it is in use, on both databases."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gateway.core.errors import ConflictError, InvalidInputError, UnavailableError
from gateway.settings import Settings
from gateway.storage.backup import POSTGRESQL_COPY, SQLITE_COPY, back_up, back_up_keys
from tests.parts.database import upgrade


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = {} if request.param == "sqlite" else {"database_url": request.getfixturevalue("postgres_url")}
    return Settings.model_validate({"data_dir": tmp_path / "data", **url})


@pytest.fixture
def site(settings: Settings) -> Settings:
    data = settings.data_dir
    for name in ("recordings/2026/r1/manifest.jsonl", "recordings/.work/half", "archive/a/b", "exports/e.zip", "run/s"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(name)
    (data / "keys/master").mkdir(parents=True)
    (data / "keys/master/one.key").write_text("a key")
    (data / "secret.key").write_text("another")
    upgrade(settings.database)
    return settings


def test_evidence_is_copied_and_neither_keys_nor_scratch(site: Settings, tmp_path: Path) -> None:
    shares: list[float] = []
    done = back_up(site, tmp_path / "copy", progress=shares.append)

    copied = {str(path.relative_to(tmp_path / "copy")) for path in (tmp_path / "copy").rglob("*") if path.is_file()}
    database = SQLITE_COPY if site.database_url is None else POSTGRESQL_COPY
    assert copied == {database, "recordings/2026/r1/manifest.jsonl", "archive/a/b", "exports/e.zip"}
    assert (done.file_count, done.vanished_count) == (3, 0)
    assert shares == [1 / 3, 2 / 3, 1]
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0


def test_the_copy_of_a_database_in_use_is_one_consistent_state(tmp_path: Path) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path / "data"})
    settings.data_dir.mkdir()
    upgrade(settings.database)
    with closing(sqlite3.connect(settings.data_dir / SQLITE_COPY)) as writer:
        writer.execute("CREATE TABLE pairs (value INTEGER)")
        writer.execute("INSERT INTO pairs VALUES (1)")
        writer.commit()
        writer.execute("INSERT INTO pairs VALUES (2)")  # not committed: must not be in the copy, nor be waited for
        back_up(settings, tmp_path / "copy", progress=lambda _share: None)
    with closing(sqlite3.connect(tmp_path / "copy" / SQLITE_COPY)) as copy:
        assert copy.execute("SELECT value FROM pairs").fetchall() == [(1,)]
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_keys_go_to_a_folder_of_their_own(site: Settings, tmp_path: Path) -> None:
    back_up_keys(site, tmp_path / "keys")

    assert (tmp_path / "keys/keys/master/one.key").read_text() == "a key"
    assert (tmp_path / "keys/secret.key").read_text() == "another"


def test_a_folder_that_exists_is_left_alone(site: Settings, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    with pytest.raises(ConflictError, match="already exists"):
        back_up(site, tmp_path / "copy", progress=lambda _share: None)
    assert list((tmp_path / "copy").iterdir()) == []


def test_a_copy_inside_the_data_folder_is_refused(site: Settings) -> None:
    with pytest.raises(InvalidInputError, match="another disk"):
        back_up(site, site.data_dir / "copy", progress=lambda _share: None)


def test_a_database_that_cannot_be_copied_is_named(tmp_path: Path) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path / "none"})
    with pytest.raises(UnavailableError, match=r"reelgate\.db could not be copied"):
        back_up(settings, tmp_path / "copy", progress=lambda _share: None)
