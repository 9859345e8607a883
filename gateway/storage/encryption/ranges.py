"""Read a range of an encrypted file's content from the stored bytes that hold it."""

from collections.abc import Callable, Iterator

from gateway.keys.data_key import DataKey
from gateway.storage.encryption.decryptor import Decryptor
from gateway.storage.encryption.layout import HEADER_BYTES, OVERHEAD_BYTES

Fetch = Callable[[int, int | None], Iterator[bytes]]
"""Return stored bytes of the file from an offset, up to a length or (None) to the end, in pieces."""


def decrypt_range(
    fetch: Fetch, key: DataKey, name: str, start: int = 0, length: int | None = None, *, torn: bool = False
) -> Iterator[bytes]:
    """Return content from `start`, in pieces; fewer bytes if it ends earlier. `torn` as in `decrypt`.

    Of a file of equal pieces only the header and the records that hold the range are fetched; any other is read from
    its front. The header is read at the call, so errors in it are raised then: TamperedError, or what `fetch` raises.
    An end within the range is verified. Whether the file should have continued to a range beyond its end is for the
    caller, who knows its size.
    """
    decryptor = Decryptor(key, name)
    contents = decryptor.feed(b"".join(fetch(0, HEADER_BYTES)))
    if not decryptor.offset:
        decryptor.finish(torn=torn)  # it ends within its header
        return iter(())
    piece_bytes = decryptor.piece_bytes
    if not piece_bytes:
        return _cut(_whole(fetch, decryptor, contents, torn=torn), start, length)
    first = start // piece_bytes
    at = decryptor.skip_to(first)
    wanted = None
    if length is not None:
        wanted = ((start + length - 1) // piece_bytes - first + 1) * (piece_bytes + OVERHEAD_BYTES) if length else 0
    part = _part(fetch(at, wanted), decryptor, wanted, must_be=first == 0)
    return _cut(part, start - first * piece_bytes, length)


def _whole(fetch: Fetch, decryptor: Decryptor, contents: list[bytes], *, torn: bool) -> Iterator[bytes]:
    yield from contents
    for data in fetch(HEADER_BYTES, None):
        yield from decryptor.feed(data)
    decryptor.finish(torn=torn)


def _part(pieces: Iterator[bytes], decryptor: Decryptor, wanted: int | None, *, must_be: bool) -> Iterator[bytes]:
    fetched = 0
    for data in pieces:
        fetched += len(data)
        yield from decryptor.feed(data)
    if (fetched or must_be) and fetched != wanted:
        decryptor.finish()


def _cut(contents: Iterator[bytes], start: int, length: int | None) -> Iterator[bytes]:
    """Return the bytes from `start`; stop reading once they are complete."""
    left = length
    for content in contents:
        piece = content[start:] if start < len(content) else b""
        start = max(0, start - len(content))
        if left is not None:
            piece = piece[:left]
            left -= len(piece)
        if piece:
            yield piece
        if left == 0:
            return
