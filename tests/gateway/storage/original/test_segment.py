"""A segment being written: its digests are those of its bytes, whoever asks for them and when."""

import hashlib
import threading
from pathlib import Path

import pytest

from gateway.core.recording.entries import Chunk
from gateway.storage.original import CHUNK_BYTES
from gateway.storage.original.segment import SegmentFile
from tests.parts.attesting import attest

NAME = "000000.guac"
# Small ones wait, large ones are digested at once; some chunks end within one.
SIZES = [1, 40, 4_000, 70_000, 300_000, CHUNK_BYTES, 2 * CHUNK_BYTES + 1]


def begin(folder: Path) -> SegmentFile:
    return SegmentFile(folder, NAME, 0, attest())


def check(path: Path, segment: SegmentFile, chunks: list[Chunk], written: bytes) -> None:
    """Chunks cover all that was written, and every digest is that of its bytes."""
    closed = segment.finish()
    stored = path.read_bytes()
    assert (closed.size_bytes, closed.stored_bytes) == (len(written), len(stored))
    assert closed.stored_sha256 == hashlib.sha256(stored).hexdigest()
    assert [chunk.start for chunk in chunks] == [0, *(chunk.end for chunk in chunks[:-1])]
    assert chunks[-1].end == len(written)
    for chunk in chunks:
        assert 0 < chunk.end - chunk.start <= CHUNK_BYTES
        assert chunk.digest == hashlib.sha256(attest().salt + written[chunk.start : chunk.end]).hexdigest()


@pytest.mark.parametrize("is_digested_between", [False, True])
def test_digests_are_those_of_what_was_written(tmp_path: Path, *, is_digested_between: bool) -> None:
    segment, written = begin(tmp_path), b""
    for number, size in enumerate(SIZES):
        written += (data := bytes([number]) * size)
        segment.write(data)
        if is_digested_between:
            segment.digest_when_due()
    check(tmp_path / NAME, segment, segment.cut(), written)


def test_chunks_can_be_cut_while_it_is_written(tmp_path: Path) -> None:
    segment = begin(tmp_path)
    pieces = [bytes([number % 256]) * (number * 97 % 9_000 + 1) for number in range(2_000)]

    def write() -> None:
        for piece in pieces:
            segment.write(piece)
            segment.digest_when_due()

    writing = threading.Thread(target=write)
    writing.start()
    chunks: list[Chunk] = []
    while writing.is_alive():
        chunks += segment.cut()
    writing.join()
    chunks += segment.cut()
    check(tmp_path / NAME, segment, chunks, b"".join(pieces))
