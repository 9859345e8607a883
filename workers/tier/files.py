"""The files of a recording that go to the archive, as its rows describe them."""

from dataclasses import dataclass

from sqlmodel import Session

from gateway.core.recording.layout import DAMAGED_MANIFEST, MANIFEST, SEGMENT_FOLDER
from gateway.db.models import ArchiveObject, Recording, Rendition, Segment
from gateway.db.repositories import recordings
from gateway.db.repositories.recordings import RecordedFile
from gateway.storage.local import read_range, sha256_of
from workers.running.work import WorkerContext


@dataclass(frozen=True)
class StoredFile:
    """A file by its content and by the bytes stored on hot disk: encrypted, or (from before) the same."""

    content: RecordedFile
    kept: RecordedFile

    @property
    def name(self) -> str:
        return self.content.name

    @property
    def is_original(self) -> bool:
        """Whether it is part of the stream: text compresses, renditions are compressed already."""
        return self.name.startswith(f"{SEGMENT_FOLDER}/")

    def is_in(self, row: ArchiveObject) -> bool:
        """Whether the archived object holds this content."""
        return (row.content_sha256 or row.sha256) == self.content.sha256


def files_of(session: Session, recording_id: str) -> list[StoredFile]:
    """Return segments and renditions (the manifest has no row)."""
    rows: list[Segment | Rendition] = [
        *recordings.segments(session, recording_id),
        *recordings.renditions(session, recording_id),
    ]
    return [_of_row(row) for row in rows]


def files_to_archive(context: WorkerContext, recording: Recording) -> list[StoredFile]:
    """Return segments and renditions as in their rows, and the sealed manifest."""
    with context.database.read() as session:
        files = files_of(session, recording.id)
    for name in (DAMAGED_MANIFEST, MANIFEST):
        path = context.files.hot_path(recording, name)
        if path is not None:
            digest, size = sha256_of(read_range(path))
            file = RecordedFile(name, size, digest)
            files.append(StoredFile(file, file))
    return files


def _of_row(row: Segment | Rendition) -> StoredFile:
    content = RecordedFile(row.name, row.size_bytes, row.sha256)
    return StoredFile(content, RecordedFile(row.name, row.stored_bytes, row.stored_sha256))
