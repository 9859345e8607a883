"""Master keys: what they wrap only they open, and what is wrong with them is said in a line that helps."""

import base64
import os
from pathlib import Path

import pytest

from gateway.core.errors import DamagedError
from gateway.keys.folder import KeyMissingError
from gateway.keys.master import LocalMasterKeys, Wrapped
from gateway.settings import Settings

SECRET = os.urandom(32)


def given(*keys: bytes, folder: Path) -> Settings:
    text = ",".join(base64.b64encode(key).decode() for key in keys)
    return Settings.model_validate({"data_dir": folder, "master_keys": text})


def test_what_is_wrapped_comes_back_and_shows_nothing(settings: Settings) -> None:
    master = LocalMasterKeys(settings)
    assert master.ensure()
    assert not master.ensure()
    wrapped = master.wrap("recording-a", SECRET)
    assert master.unwrap("recording-a", wrapped) == SECRET
    assert SECRET not in base64.b64decode(wrapped.wrapped_key)
    assert master.wrap("recording-a", SECRET) != wrapped


def test_a_wrapped_key_that_was_altered_or_is_anothers_is_refused(settings: Settings) -> None:
    master = LocalMasterKeys(settings)
    master.ensure()
    key_id, text = master.wrap("recording-a", SECRET)
    data = bytearray(base64.b64decode(text))
    for place in range(len(data)):
        data[place] ^= 1
        with pytest.raises(DamagedError, match="the data key of recording recording-a was altered"):
            master.unwrap("recording-a", Wrapped(key_id, base64.b64encode(data).decode()))
        data[place] ^= 1
    for recording, wrong in (("recording-b", text), ("recording-a", ""), ("recording-a", "not base64")):
        with pytest.raises(DamagedError):
            master.unwrap(recording, Wrapped(key_id, wrong))


def test_the_newest_wraps_and_all_unwrap(settings: Settings) -> None:
    master = LocalMasterKeys(settings)
    master.ensure()
    old = master.wrap("recording", SECRET)
    added = master.add()
    new = master.wrap("recording", SECRET)
    assert (new.master_key_id, master.newest_id(), master.ids()) == (added, added, [old.master_key_id, added])
    assert master.unwrap("recording", old) == master.unwrap("recording", new) == SECRET


def test_keys_come_from_the_environment_the_newest_first(tmp_path: Path) -> None:
    old, new = os.urandom(32), os.urandom(32)
    before = LocalMasterKeys(given(old, folder=tmp_path))
    wrapped = before.wrap("recording", SECRET)
    master = LocalMasterKeys(given(new, old, folder=tmp_path))
    assert master.unwrap("recording", wrapped) == SECRET
    assert master.ids() == [wrapped.master_key_id, master.newest_id()]
    assert master.newest_id() != wrapped.master_key_id
    assert not master.ensure()
    assert not (tmp_path / "keys").exists()


def test_a_key_moved_from_a_file_to_the_environment_is_the_same_key(settings: Settings) -> None:
    files = LocalMasterKeys(settings)
    files.ensure()
    wrapped = files.wrap("recording", SECRET)
    [path] = (settings.data_dir / "keys" / "master").iterdir()
    moved = Settings.model_validate({"data_dir": settings.data_dir, "master_keys": path.read_text()})
    assert LocalMasterKeys(moved).unwrap("recording", wrapped) == SECRET


def test_a_missing_key_is_reported_with_what_to_do(settings: Settings) -> None:
    master = LocalMasterKeys(settings)
    with pytest.raises(
        KeyMissingError, match=r"there is no master key in .*: restore the folder from a backup, or point"
    ):
        master.newest_id()
    master.ensure()
    with pytest.raises(KeyMissingError, match=r"master key 0123 is not in .*: restore it from a backup"):
        master.unwrap("recording", Wrapped("0123", "x"))


def test_a_file_that_holds_another_key_is_found_out(settings: Settings) -> None:
    master = LocalMasterKeys(settings)
    master.ensure()
    wrapped = master.wrap("recording", SECRET)
    [path] = (settings.data_dir / "keys" / "master").iterdir()
    path.write_bytes(base64.b64encode(os.urandom(32)))
    with pytest.raises(KeyMissingError, match=r"holds another key: restore the right one"):
        master.unwrap("recording", wrapped)
    path.write_text("rubbish")
    with pytest.raises(KeyMissingError, match=r"is not a master key: it must be 32 bytes in base64"):
        master.wrap("recording", SECRET)


@pytest.mark.parametrize("text", ["", "short", "AAAA,", "not base64 at all!"])
def test_what_is_no_key_in_the_environment_is_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path, "master_keys": text})
    with pytest.raises(
        KeyMissingError, match=r"^a part of REELGATE_MASTER_KEYS is not a master key: it must be 32 bytes in base64"
    ) as no:
        LocalMasterKeys(settings).newest_id()
    assert not text or text not in str(no.value)
