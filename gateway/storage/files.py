"""The one way API and workers read a recording's files, wherever they are: hot, or archived by ranged reads.

Callers: the API's video, download and thumbnail routes, the stages, exports.
"""

import io
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from gateway.core.errors import NotFoundError
from gateway.db.database import Database
from gateway.db.models import ArchiveObject, Recording, Segment
from gateway.db.repositories import recordings
from gateway.keys.data_key import DataKey
from gateway.settings import Settings
from gateway.storage import packing
from gateway.storage.local import atomic_path, read_range
from gateway.storage.stores import PIECE_BYTES, Store, archive_store

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class RecordingFiles:
    """Reads files of recordings by their name (`gateway.core.recording.layout`).

    All methods raise NotFoundError when neither the hot copy nor an archive row is there, UnavailableError when the
    archive does not answer.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database

    @cached_property
    def archive(self) -> Store:
        """Where archived copies are."""
        return archive_store(self._settings)

    def folder(self, recording: Recording) -> Path:
        """The recording's hot folder, which need not exist any more."""
        return self._settings.data_dir / recording.folder

    def key_of(self, _recording: Recording) -> DataKey | None:
        """The recording's data key."""
        return None

    def hot_path(self, recording: Recording, name: str) -> Path | None:
        """Path of the hot copy, or None when there is none."""
        path = self.folder(recording) / name
        return path if path.is_file() else None

    def size(self, recording: Recording, name: str) -> int:
        """Size in bytes."""
        path = self.hot_path(recording, name)
        if path is not None:
            return path.stat().st_size
        stored = self._archived(recording, name)
        return stored.size_bytes if stored.content_bytes is None else stored.content_bytes

    def open(self, recording: Recording, name: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Bytes of a file in pieces, from `start`, to the end where `length` is None."""
        path = self.hot_path(recording, name)
        if path is not None:
            return read_range(path, start, length)
        stored = self._archived(recording, name)
        if stored.encoding == packing.ZSTD:
            return _part(self._unpacked(recording, stored), start, length)
        return self.archive.open_range(stored.key, start, length, stored.version_id)

    def _unpacked(self, recording: Recording, stored: ArchiveObject) -> Iterator[bytes]:
        pieces = self.archive.open_range(stored.key, version_id=stored.version_id)
        return packing.content(pieces, self.key_of(recording), stored.name, stored.content_bytes or 0)

    def original(self, recording: Recording, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Bytes of the sealed original, segments joined; ranges as in `open`."""
        left = length
        for segment in self._segments(recording):
            if start >= segment.size_bytes:
                start -= segment.size_bytes
                continue
            taken = segment.size_bytes - start if left is None else min(left, segment.size_bytes - start)
            yield from self.open(recording, segment.name, start, taken)
            start = 0
            left = None if left is None else left - taken
            if left == 0:
                return

    def seekable(self, recording: Recording, name: str) -> BinaryIO:
        """The file to be read at any place; of an archived one only the parts that are asked for are fetched."""
        path = self.hot_path(recording, name)
        if path is not None:
            return path.open("rb")
        stored = self._archived(recording, name)
        if stored.encoding == packing.ZSTD:  # a segment, which is bounded
            return io.BytesIO(b"".join(self._unpacked(recording, stored)))
        # BufferedReader is all of BinaryIO that readers use; typeshed does not know it as one.
        return cast("BinaryIO", io.BufferedReader(_ArchivedFile(self.archive, stored), PIECE_BYTES))

    def fetch(self, recording: Recording, name: str, into: Path) -> Path:
        """A path to read the file at: the hot copy, or a copy fetched from the archive to `into`."""
        path = self.hot_path(recording, name)
        if path is not None:
            return path
        with atomic_path(into) as temporary, temporary.open("wb") as file:
            for piece in self.open(recording, name):
                file.write(piece)
        return into

    def _segments(self, recording: Recording) -> list[Segment]:
        with self._database.read() as session:
            return recordings.segments(session, recording.id)

    def _archived(self, recording: Recording, name: str) -> ArchiveObject:
        with self._database.read() as session:
            stored = recordings.archive_object(session, recording.id, name)
        if stored is None:
            raise NotFoundError(f"recording {recording.id} has no {name}")
        return stored


def _part(pieces: Iterator[bytes], start: int, length: int | None) -> Iterator[bytes]:
    """The bytes from `start` of all that comes; nothing more is read once they are complete."""
    left = length
    for piece in pieces:
        data = piece[start:][:left]
        start = max(0, start - len(piece))
        left = None if left is None else left - len(data)
        if data:
            yield data
        if left == 0:
            return


class _ArchivedFile(io.RawIOBase):
    """An archived object as a file to seek in; every read is a ranged read of the store."""

    def __init__(self, store: Store, stored: ArchiveObject) -> None:
        self._store = store
        self._stored = stored
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._stored.size_bytes}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        length = min(len(view), max(0, self._stored.size_bytes - self._at))
        pieces = self._store.open_range(self._stored.key, self._at, length, self._stored.version_id)
        data = b"".join(pieces) if length else b""
        view[: len(data)] = data
        self._at += len(data)
        return len(data)
