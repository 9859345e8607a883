"""What Reelgate keeps is closed to other accounts, also in a folder that was open before."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from gateway.core.errors import InvalidInputError
from gateway.private_files import prepare
from gateway.settings import Settings


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def reelgate(folder: Path, *words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "gateway", *words],
        env={**os.environ, "REELGATE_DATA_DIR": str(folder)},
        check=True,
        capture_output=True,
    )


def test_a_command_in_a_folder_open_to_others_leaves_nothing_open(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    reelgate(tmp_path, "migrate")
    reelgate(tmp_path, "keys", "list")
    assert mode(tmp_path) == 0o700
    opened = {path.name: oct(mode(path)) for path in tmp_path.rglob("*") if mode(path) & 0o077}
    assert opened == {}


def test_a_database_with_its_journals_that_was_open_is_closed(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with closing(sqlite3.connect(tmp_path / "reelgate.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE evidence (text)")
        connection.commit()
        names = {path.name for path in tmp_path.iterdir()}
        assert names == {"reelgate.db", "reelgate.db-wal", "reelgate.db-shm"}
        assert {mode(path) for path in tmp_path.iterdir()} == {0o644}
        prepare(settings)
        assert {mode(path) for path in tmp_path.iterdir()} == {0o600}
    connection.close()


def test_a_database_elsewhere_is_closed_too(tmp_path: Path) -> None:
    database = tmp_path / "elsewhere.db"
    database.touch(mode=0o644)
    prepare(Settings(data_dir=tmp_path / "data", database_url=SecretStr(f"sqlite:///{database}")))
    assert mode(database) == 0o600


def test_a_folder_of_another_account_that_is_open_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path, _mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    tmp_path.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", refuse)
    with pytest.raises(InvalidInputError, match=r"is open to other accounts \(mode 0755\) and cannot be closed"):
        prepare(Settings(data_dir=tmp_path))


def test_what_is_private_already_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    prepare(Settings(data_dir=tmp_path))
    assert mode(tmp_path) == 0o500
    tmp_path.chmod(0o700)
