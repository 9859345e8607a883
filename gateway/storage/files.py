"""The one way API and workers read a recording's files: hot, or by ranged reads from the archive."""

import io
from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from gateway.core.errors import DamagedError, NotFoundError
from gateway.core.recording.layout import SEGMENT_FOLDER, is_encrypted
from gateway.db.database import Database
from gateway.db.models import ArchiveObject, Recording, Segment
from gateway.db.repositories import recordings
from gateway.db.repositories.recordings import RecordedFile
from gateway.keys.data import DataKeys
from gateway.keys.data_key import DataKey
from gateway.keys.master import LocalMasterKeys
from gateway.settings import Settings
from gateway.storage import packing
from gateway.storage.archive import archive_store
from gateway.storage.encryption import PIECE_BYTES as RECORD_BYTES, DecryptingFile, TamperedError, decrypt_range
from gateway.storage.local import atomic_path, read_range
from gateway.storage.seeking import SeekingFile
from gateway.storage.stores import PIECE_BYTES, Store

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class RecordingFiles:
    """Read files of recordings by name (`gateway.core.recording.layout`).

    Files are encrypted; methods return their content, except the `stored` methods, which return the bytes as stored.
    All methods raise NotFoundError if there is neither a hot copy nor an archive row, UnavailableError if the archive
    does not answer or a master key is missing, DamagedError if the bytes are not what was written. A file in clear is
    rejected if its recording has a key.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._keys = DataKeys(LocalMasterKeys(settings))

    @cached_property
    def archive(self) -> Store:
        """Where archived copies are."""
        return archive_store(self._settings)

    def folder(self, recording: Recording) -> Path:
        """Return the recording's hot folder, which need not exist any more."""
        return self._settings.data_dir / recording.folder

    def hot_path(self, recording: Recording, name: str) -> Path | None:
        """Return the path of the hot copy as stored, or None if there is none."""
        path = self.folder(recording) / name
        return path if path.is_file() else None

    def key_of(self, recording: Recording) -> DataKey:
        """Return the key of its files. Raises NotFoundError if it was destroyed, DamagedError if it was altered or removed."""
        with self._database.read() as session:
            return self._keys.of(session, recording.id)

    def stored_size(self, recording: Recording, name: str) -> int:
        """Return the size in bytes of the file as stored."""
        path = self.hot_path(recording, name)
        return path.stat().st_size if path is not None else self._archived(recording, name).size_bytes

    def open_stored(
        self, recording: Recording, name: str, start: int = 0, length: int | None = None
    ) -> Iterator[bytes]:
        """Return bytes of a file as stored, in pieces, from `start`, to the end if `length` is None."""
        path = self.hot_path(recording, name)
        if path is not None:
            return read_range(path, start, length)
        stored = self._archived(recording, name)
        return self.archive.open_range(stored.key, start, length, stored.version_id)

    def size(self, recording: Recording, name: str) -> int:
        """Return the size in bytes."""
        recorded = self._recorded(recording, name)
        return self.stored_size(recording, name) if recorded is None else recorded.size_bytes

    def open(self, recording: Recording, name: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Return bytes of a file in pieces, from `start`, to the end if `length` is None."""
        packed = self._packed(recording, name)
        if packed is not None:
            return _part(self._unpacked(recording, packed), start, length)
        fetch = partial(self.open_stored, recording, name)
        key = self.key_of(recording) if is_encrypted(name) else None
        if key is None:
            return fetch(start, length)
        recorded = self._recorded(recording, name)
        wanted = length
        if recorded is not None:
            wanted = max(0, min(recorded.size_bytes - start, recorded.size_bytes if length is None else length))
        # A segment may have been cut short by a crash: its row, made when it was sealed, says how much of it is there.
        pieces = decrypt_range(fetch, key, name, start, wanted, torn=name.startswith(SEGMENT_FOLDER))
        return pieces if recorded is None or wanted is None else _complete(pieces, wanted, name)

    def original(self, recording: Recording, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Return bytes of the sealed original, segments concatenated; ranges as in `open`."""
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
        """Return a seekable file; of an archived one only the accessed parts are fetched."""
        packed = self._packed(recording, name)
        if packed is not None:  # a segment, which is bounded
            return io.BytesIO(b"".join(self._unpacked(recording, packed)))
        key = self.key_of(recording) if is_encrypted(name) else None
        stored = self._seekable_stored(recording, name)
        if key is None:
            return stored
        try:
            content = DecryptingFile(stored, key, name)
        except BaseException:
            stored.close()
            raise
        return _buffered(content, RECORD_BYTES)

    def fetch(self, recording: Recording, name: str, into: Path, *, damaged: bool = False) -> Path:
        """Return a path to read the content at: the hot copy if it is in clear, otherwise a copy at `into` (mode 0600).

        `damaged`: for a damaged file, accept what comes before the damage.
        """
        path = self.hot_path(recording, name)
        if path is not None and not is_encrypted(name):
            return path
        with atomic_path(into) as temporary, temporary.open("wb") as file:
            try:
                for piece in self.open(recording, name):
                    file.write(piece)
            except TamperedError:
                if not damaged:
                    raise
        return into

    def _packed(self, recording: Recording, name: str) -> ArchiveObject | None:
        """Return the archived copy of a segment that is not hot, if it was compressed: it must be read from its front."""
        if not name.startswith(SEGMENT_FOLDER) or self.hot_path(recording, name) is not None:
            return None
        stored = self._archived(recording, name)
        return stored if stored.encoding == packing.ZSTD else None

    def _unpacked(self, recording: Recording, stored: ArchiveObject) -> Iterator[bytes]:
        pieces = self.archive.open_range(stored.key, version_id=stored.version_id)
        return packing.content(pieces, self.key_of(recording), stored.name, stored.content_bytes or 0)

    def _seekable_stored(self, recording: Recording, name: str) -> BinaryIO:
        path = self.hot_path(recording, name)
        if path is not None:
            return path.open("rb")
        return _buffered(_ArchivedFile(self.archive, self._archived(recording, name)), PIECE_BYTES)

    def _recorded(self, recording: Recording, name: str) -> RecordedFile | None:
        with self._database.read() as session:
            return recordings.content(session, recording.id, name)

    def _segments(self, recording: Recording) -> list[Segment]:
        with self._database.read() as session:
            return recordings.segments(session, recording.id)

    def _archived(self, recording: Recording, name: str) -> ArchiveObject:
        with self._database.read() as session:
            stored = recordings.archive_object(session, recording.id, name)
        if stored is None:
            raise NotFoundError(f"recording {recording.id} has no {name}")
        return stored


def _buffered(file: io.RawIOBase, buffer_bytes: int) -> BinaryIO:
    # BufferedReader is all of BinaryIO that readers use; typeshed does not know it as one.
    return cast("BinaryIO", io.BufferedReader(file, buffer_bytes))


def _part(pieces: Iterator[bytes], start: int, length: int | None) -> Iterator[bytes]:
    """Return the bytes from `start`; stop reading once they are complete."""
    left = length
    for piece in pieces:
        data = piece[start:][:left]
        start = max(0, start - len(piece))
        left = None if left is None else left - len(data)
        if data:
            yield data
        if left == 0:
            return


def _complete(pieces: Iterator[bytes], wanted: int, name: str) -> Iterator[bytes]:
    """Return the pieces, which must have this many bytes. Raises DamagedError at their end if they have fewer."""
    for piece in pieces:
        wanted -= len(piece)
        yield piece
    if wanted:
        raise DamagedError(f"{name} is not what was recorded: {wanted} bytes at its end are missing")


class _ArchivedFile(SeekingFile):
    """An archived object as a seekable file; every read is a ranged read of the store."""

    def __init__(self, store: Store, stored: ArchiveObject) -> None:
        super().__init__()
        self._store = store
        self._stored = stored

    @property
    def size_bytes(self) -> int:
        return self._stored.size_bytes

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        length = min(len(view), max(0, self._stored.size_bytes - self._at))
        pieces = self._store.open_range(self._stored.key, self._at, length, self._stored.version_id)
        data = b"".join(pieces) if length else b""
        view[: len(data)] = data
        self._at += len(data)
        return len(data)
