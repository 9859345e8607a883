"""A range of an encrypted file is the slice of its content, and costs what lies in it."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings as examples, strategies as st

from gateway.storage.encryption import TamperedError, decrypt_range
from gateway.storage.encryption.layout import HEADER_BYTES, OVERHEAD_BYTES
from tests.gateway.storage.encryption.files import KEY, NAME, in_pieces, sealed


class Stored:
    """Bytes to be fetched in ranges; counts them."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.fetched_bytes = 0

    def fetch(self, start: int, length: int | None) -> Iterator[bytes]:
        part = self.data[start:] if length is None else self.data[start : start + length]
        self.fetched_bytes += len(part)
        return in_pieces(part, 11)


@examples(deadline=None)
@given(
    st.binary(max_size=100),
    st.sampled_from([0, 1, 7, 16]),
    st.integers(0, 110),
    st.none() | st.integers(0, 110),
)
def test_a_range_is_the_slice(content: bytes, piece_bytes: int, start: int, length: int | None) -> None:
    stored = Stored(sealed(in_pieces(content, 13), piece_bytes))
    wanted = content[start:] if length is None else content[start : start + length]
    assert b"".join(decrypt_range(stored.fetch, KEY, NAME, start, length)) == wanted


def test_only_the_records_of_a_range_are_fetched() -> None:
    stored = Stored(sealed([bytes(6400)], 64))
    assert b"".join(decrypt_range(stored.fetch, KEY, NAME, 3200, 64)) == bytes(64)
    assert stored.fetched_bytes == HEADER_BYTES + 64 + OVERHEAD_BYTES


@examples(deadline=None)
@given(st.integers(0, 100), st.integers(0, 120), st.integers(1, 120), st.integers(0, 2**20), st.integers(1, 255))
def test_a_range_is_right_or_an_error(size: int, start: int, length: int, place: int, flip: int) -> None:
    content = bytes(range(size))
    stored = bytearray(sealed([content], 16))
    stored[place % len(stored)] ^= flip
    try:
        found = b"".join(decrypt_range(Stored(bytes(stored)).fetch, KEY, NAME, start, length))
    except TamperedError:
        return
    assert found == content[start : start + length]


@pytest.mark.parametrize("records", range(4))
def test_a_file_cut_between_records_is_noticed_by_a_range_across_the_cut(records: int) -> None:
    stored = sealed([bytes(64)], 16)[: HEADER_BYTES + records * (16 + OVERHEAD_BYTES)]
    with pytest.raises(TamperedError, match="ends before its last record"):
        b"".join(decrypt_range(Stored(stored).fetch, KEY, NAME, max(0, records * 16 - 1), 30))


def test_a_header_that_does_not_fit_is_refused_at_the_call() -> None:
    with pytest.raises(TamperedError):
        decrypt_range(Stored(b"plain text").fetch, KEY, NAME)


def test_a_torn_file_is_read_as_far_as_it_goes() -> None:
    stored = sealed([b"one", b"two"], 0)[:-30]
    assert b"".join(decrypt_range(Stored(stored).fetch, KEY, NAME, 1, torn=True)) == b"ne"
