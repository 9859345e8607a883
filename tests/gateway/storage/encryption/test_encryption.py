"""What an encrypted file promises: the content comes back, and nothing else does."""

import hashlib
import io
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings as examples, strategies as st

from gateway.keys.data_key import DataKey
from gateway.storage.encryption import DecryptingFile, Decryptor, Encryptor, TamperedError, decrypt, encrypt_file
from gateway.storage.encryption.layout import HEADER_BYTES, LENGTH, MAX_PIECE_BYTES, OVERHEAD_BYTES
from tests.gateway.storage.encryption.files import KEY, NAME, in_pieces, opened, records, sealed, sought

WRITES = st.lists(st.binary(max_size=60), max_size=8)
PIECES = st.sampled_from([0, 1, 7, 16])


@examples(deadline=None)
@given(WRITES, PIECES, st.integers(1, 90))
def test_the_content_comes_back_however_it_is_written_and_read(
    writes: list[bytes], piece_bytes: int, feed_bytes: int
) -> None:
    stored = sealed(writes, piece_bytes)
    assert opened(stored, feed_bytes=feed_bytes) == sought(stored) == b"".join(writes)


@examples(deadline=None)
@given(WRITES, PIECES, st.integers(0, 2**20), st.integers(1, 255))
def test_no_flipped_bit_goes_unnoticed_and_it_is_reported_where(
    writes: list[bytes], piece_bytes: int, place: int, flip: int
) -> None:
    stored = bytearray(sealed(writes, piece_bytes))
    place %= len(stored)
    stored[place] ^= flip
    for read in (opened, sought):
        with pytest.raises(TamperedError) as wrong:
            read(bytes(stored))
        lengths = len(LENGTH.pack(0))
        of_a_length = any(
            start <= place < start + lengths for start in _starts(sealed(writes, piece_bytes))
        )  # from there on nothing can be told apart
        assert wrong.value.start <= place < wrong.value.end or of_a_length


def _starts(stored: bytes) -> list[int]:
    starts, at = [], HEADER_BYTES
    for record in records(stored):
        starts.append(at)
        at += len(record)
    return starts


@examples(deadline=None)
@given(WRITES, PIECES, st.integers(0, 2**20))
def test_a_finished_file_that_was_cut_is_noticed(writes: list[bytes], piece_bytes: int, length: int) -> None:
    stored = sealed(writes, piece_bytes)
    for read in (opened, sought):
        with pytest.raises(TamperedError):
            read(stored[: length % len(stored)])


@pytest.mark.parametrize("piece_bytes", [0, 8])
def test_whole_records_cannot_be_dropped_moved_doubled_or_taken_from_elsewhere(piece_bytes: int) -> None:
    stored = sealed([b"12345678", b"abcdefgh", b"ABCDEFGH", b"rest"], piece_bytes)
    elsewhere = records(sealed([b"12345678", b"abcdefgh", b"ABCDEFGH", b"rest"], piece_bytes))
    head, parts = stored[:HEADER_BYTES], records(stored)
    spoilt = {
        "dropped in the middle": [parts[0], *parts[2:]],
        "dropped at the end": parts[:-1],
        "moved": [parts[1], parts[0], *parts[2:]],
        "doubled": [parts[0], parts[0], *parts[1:]],
        "doubled at the end": [*parts, parts[-1]],
        "of another file": [elsewhere[0], *parts[1:]],
        "behind the end": [*parts, b"more"],
    }
    for what, order in spoilt.items():
        for read in (opened, sought):
            with pytest.raises(TamperedError):
                pytest.fail(f"{what}: {read(head + b''.join(order))!r}")


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (KEY, "segments/000001.guac"),
        (DataKey("recording-b", KEY.secret), NAME),
        (DataKey(KEY.recording_id, bytes(32)), NAME),
    ],
    ids=["another name", "another recording", "another key"],
)
def test_a_file_is_of_its_name_recording_and_key_alone(key: DataKey, name: str) -> None:
    stored = sealed([b"content"], 0)
    for read in (opened, sought):
        with pytest.raises(TamperedError, match="header was altered, or it belongs to another name or recording"):
            read(stored, key=key, name=name)


def test_a_plain_file_is_refused_where_an_encrypted_one_must_be() -> None:
    for plain in (b"", b"4.size,1.0,4.1024,3.768;" * 10):
        for read in (opened, sought):
            with pytest.raises(TamperedError, match="not encrypted, but must be"):
                read(plain)
    with pytest.raises(TamperedError, match="not encrypted"):
        list(decrypt([b"plain"], KEY, NAME, torn=True))


@examples(deadline=None)
@given(WRITES, st.integers(0, 2**20))
def test_a_crash_leaves_a_readable_prefix_that_says_it_is_one(writes: list[bytes], length: int) -> None:
    encryptor = Encryptor(KEY, NAME)
    steps = [encryptor.header(), *map(encryptor.seal, writes)]
    stored = b"".join(steps)[: length % (len(b"".join(steps)) + 1)]
    decryptor = Decryptor(KEY, NAME)
    found = b"".join(decryptor.feed(stored))
    decryptor.finish(torn=True)
    kept, size = [], len(steps[0])
    for write, step in zip(writes, steps[1:], strict=True):
        size += len(step)
        if size <= len(stored):
            kept.append(write)
    assert found == b"".join(kept) == b"".join(decrypt([stored], KEY, NAME, torn=True))
    assert not decryptor.is_finished
    assert decryptor.offset + decryptor.torn_bytes == len(stored)


def test_what_is_sound_before_a_damage_is_given_before_the_error() -> None:
    parts = [sealed([b"one", b"two", b"three"], 0)]
    stored = bytearray(parts[0])
    stored[HEADER_BYTES + 2 * (OVERHEAD_BYTES + 3) + LENGTH.size] ^= 1
    for torn in (False, True):
        pieces = decrypt([bytes(stored)], KEY, NAME, torn=torn)
        assert [next(pieces), next(pieces)] == [b"one", b"two"]
        with pytest.raises(TamperedError, match="record 2 was altered") as wrong:
            next(pieces)
        assert (wrong.value.start, wrong.value.end) == (110, 135)


def test_a_hostile_length_makes_nobody_wait_or_hold_more_than_a_record() -> None:
    whole = sealed([b"x"], 0)
    hostile = whole[:HEADER_BYTES] + LENGTH.pack(0x7FFFFFFF) + bytes(100)
    for read in (opened, sought):
        with pytest.raises(TamperedError, match="a record of 2147483647 bytes is impossible"):
            read(hostile)
    patient = Decryptor(KEY, NAME)
    patient.feed(whole[:HEADER_BYTES] + LENGTH.pack(MAX_PIECE_BYTES))
    with pytest.raises(TamperedError):  # the record is complete, and wrong: it is not waited for more
        patient.feed(bytes(MAX_PIECE_BYTES + 16))


def test_a_large_write_becomes_records_that_may_be() -> None:
    content = os.urandom(2 * MAX_PIECE_BYTES + 5)
    stored = sealed([content], 0)
    assert [len(record) - OVERHEAD_BYTES for record in records(stored)] == [MAX_PIECE_BYTES, MAX_PIECE_BYTES, 5, 0]
    assert opened(stored) == content


def test_nothing_is_written_behind_the_end() -> None:
    encryptor = Encryptor(KEY, NAME)
    encryptor.finish()
    for step in (encryptor.finish, lambda: encryptor.seal(b"more")):
        with pytest.raises(ValueError, match="finished"):
            step()


def test_the_same_content_is_stored_differently_each_time() -> None:
    assert sealed([b"same"], 0)[HEADER_BYTES:] != sealed([b"same"], 0)[HEADER_BYTES:]


def test_a_file_is_encrypted_onto_disk(tmp_path: Path) -> None:
    content = os.urandom(200_000)
    stored = encrypt_file(in_pieces(content, 70_000), tmp_path / "video", KEY, "video.mp4")
    data = (tmp_path / "video").read_bytes()
    assert stored == (hashlib.sha256(data).hexdigest(), len(data))
    assert stat.S_IMODE((tmp_path / "video").stat().st_mode) == 0o600
    assert opened(data, name="video.mp4") == content
    with pytest.raises(FileExistsError):
        encrypt_file([], tmp_path / "video", KEY, "video.mp4")


def test_a_key_does_not_show_itself() -> None:
    assert "recording-a" in repr(KEY)
    assert "secret" not in repr(KEY)
    assert repr(KEY.secret) not in repr(KEY)


def test_files_of_equal_pieces_are_read_where_it_is_asked_for() -> None:
    source = _Counting(sealed([bytes(range(256)) * 8], 64))
    with io.BufferedReader(DecryptingFile(source, KEY, NAME), 64) as file:
        file.seek(1000)
        assert file.read(10) == bytes((1000 + place) % 256 for place in range(10))
    assert source.count <= HEADER_BYTES + 2 * (64 + OVERHEAD_BYTES)


class _Counting(io.BytesIO):
    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data
