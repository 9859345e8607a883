"""Segments come back from their packed form to the byte."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from gateway.core.errors import DamagedError
from gateway.keys.data_key import DataKey
from gateway.storage.encryption import Encryptor
from gateway.storage.encryption.layout import MAX_PIECE_BYTES
from gateway.storage.local import read_range, sha256_of
from gateway.storage.packing import content, pack, unpack

NAME = "segments/000000.guac"
KEY = DataKey("a-recording", bytes(range(32)))
OTHER_KEY = DataKey("a-recording", bytes(32))
WRITES = [b"4.size,1.0,4.1024,3.768;", b"", b"3.img,1.1,2.14;" * 9000, os.urandom(70_000)]


def hot_file(folder: Path, writes: list[bytes], *, ended: bool = True) -> Path:
    path = folder / "hot.guac"
    encryptor = Encryptor(KEY, NAME)
    sealed = [encryptor.header(), *(encryptor.seal(data) for data in writes)]
    path.write_bytes(b"".join([*sealed, encryptor.finish() if ended else b""]))
    return path


@pytest.mark.parametrize("writes", [WRITES, [], [b"x" * (MAX_PIECE_BYTES + 1)]])
def test_content_and_hot_file_come_back_to_the_byte(tmp_path: Path, writes: list[bytes]) -> None:
    hot = hot_file(tmp_path, writes)
    stored = pack(hot, tmp_path / "out" / "packed", KEY, NAME, 3)
    packed = (tmp_path / "out" / "packed").read_bytes()
    assert stored == sha256_of([packed])
    whole = b"".join(writes)
    assert b"".join(content([packed], KEY, NAME, len(whole))) == whole
    assert b"".join(unpack([packed], KEY, NAME)) == hot.read_bytes()


def test_a_packed_file_is_smaller_and_says_nothing_without_its_key(tmp_path: Path) -> None:
    hot = hot_file(tmp_path, [b"9.secretive,3.and;" * 5000])
    stored = pack(hot, tmp_path / "packed", KEY, NAME, 3)
    assert stored.size_bytes < hot.stat().st_size / 10
    assert b"secretive" not in (tmp_path / "packed").read_bytes()
    with pytest.raises(DamagedError):
        list(content(read_range(tmp_path / "packed"), OTHER_KEY, NAME, 90_000))


def test_a_packed_file_of_another_segment_is_refused(tmp_path: Path) -> None:
    pack(hot_file(tmp_path, WRITES), tmp_path / "packed", KEY, NAME, 3)
    with pytest.raises(DamagedError):
        list(content(read_range(tmp_path / "packed"), KEY, "segments/000001.guac", 1))


def test_a_hot_file_whose_writer_was_killed_between_writes_comes_back(tmp_path: Path) -> None:
    hot = hot_file(tmp_path, WRITES, ended=False)
    pack(hot, tmp_path / "packed", KEY, NAME, 3)
    assert b"".join(unpack(read_range(tmp_path / "packed"), KEY, NAME)) == hot.read_bytes()


def test_a_hot_file_torn_within_a_record_is_not_packed(tmp_path: Path) -> None:
    hot = hot_file(tmp_path, WRITES)
    hot.write_bytes(hot.read_bytes()[:-3])
    with pytest.raises(DamagedError, match="ends within a record"):
        pack(hot, tmp_path / "packed", KEY, NAME, 3)
    assert not (tmp_path / "packed").exists()


@pytest.mark.parametrize("content_bytes", [0, 99_999, 100_001])
def test_a_size_that_was_not_recorded_is_reported(tmp_path: Path, content_bytes: int) -> None:
    pack(hot_file(tmp_path, [b"z" * 100_000]), tmp_path / "packed", KEY, NAME, 3)
    with pytest.raises(DamagedError, match="size"):
        list(content(read_range(tmp_path / "packed"), KEY, NAME, content_bytes))


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("packed")
    pack(hot_file(folder, WRITES), folder / "packed", KEY, NAME, 3)
    return (folder / "packed").read_bytes()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(share=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_flipped_byte_or_a_cut_end_never_gives_other_content(packed: bytes, share: float, flip: int) -> None:
    at, whole = int(share * len(packed)), b"".join(WRITES)
    flipped = bytearray(packed)
    flipped[at] ^= flip
    for damaged in (bytes(flipped), packed[:at]):
        try:
            assert b"".join(content([damaged], KEY, NAME, len(whole))) == whole
        except DamagedError:
            continue
