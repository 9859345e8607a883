"""Key files: made once, seen at once, for their owner alone."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.db.columns import utc_now
from gateway.keys import folder as folder_module
from gateway.keys.folder import KeyFolder, KeyMissingError
from gateway.settings import Settings


def test_of_many_at_once_one_makes_the_first_key(settings: Settings) -> None:
    folder = KeyFolder(settings, "some")
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: folder.ensure(lambda: (f"id{number}", b"secret")), range(16)))
    assert sum(made) == 1
    assert [file.id for file in folder.files()] == [f"id{made.index(True)}"]


def test_files_and_folders_are_their_owners_alone(settings: Settings) -> None:
    folder = KeyFolder(settings, "some")
    folder.ensure(lambda: ("id", b"secret"))
    [file] = folder.files()
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder.path, folder.path.parent)] == [0o700, 0o700]
    assert file.read() == b"secret"


def test_an_added_key_is_the_newest_even_when_the_clock_goes_back(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = KeyFolder(settings, "some")
    folder.ensure(lambda: ("first", b"1"))
    yesterday = utc_now() - timedelta(days=1)
    monkeypatch.setattr(folder_module, "utc_now", lambda: yesterday)
    assert folder.add(lambda: ("second", b"2")).id == "second"
    assert [file.id for file in folder.files()] == ["first", "second"]


def test_what_is_no_key_file_is_passed_over(settings: Settings) -> None:
    folder = KeyFolder(settings, "some")
    folder.ensure(lambda: ("id", b"secret"))
    for name in (".new-draft", "README", "nonsense-id.key", "20260101T000000.000000Z-.key"):
        (folder.path / name).write_bytes(b"")
    assert [file.id for file in folder.files()] == ["id"]


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    folder = KeyFolder(Settings(data_dir=tmp_path, keys_dir=tmp_path / "taken"), "some")
    with pytest.raises(KeyMissingError, match=r"the key folder .*taken/some cannot be"):
        folder.ensure(lambda: ("id", b"secret"))
