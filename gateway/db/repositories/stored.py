"""What the stored files of a recording must be: the only place that says so.

`size_bytes` and `sha256` of a segment or rendition are of its content; the file it is
kept in is encrypted, and has a size and digest of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from gateway.core.work import TaskKind, WorkState
from gateway.db.models import ArchiveObject, Recording, Rendition, Segment
from gateway.db.repositories import recordings, stages, tasks
from gateway.db.repositories.recordings import RecordedFile


@dataclass(frozen=True)
class Claims:
    """What the rows of a recording claim: files by name as they must be on disk, and verified copies by name.

    A file whose name has no row of its own (the manifest) is what was archived of it. `is_at_rest`: no stage and no
    task is about to change any of it.
    """

    recording: Recording
    files: Mapping[str, RecordedFile]
    archived: Mapping[str, ArchiveObject]
    is_at_rest: bool

    def same(self, other: "Claims") -> bool:
        """Whether nothing has changed between two readings."""
        return self.is_at_rest and other.is_at_rest and self.essence() == other.essence()

    def essence(self) -> tuple[object, ...]:
        """Return the values that change when the recording's files are changed or moved."""
        copies = {name: (row.key, row.version_id, row.sha256) for name, row in self.archived.items()}
        return self.recording.state, self.recording.tier, dict(self.files), copies


def as_stored(row: Segment | Rendition) -> RecordedFile:
    """Describe the file that a segment or rendition is kept in."""
    return RecordedFile(row.name, row.stored_bytes, row.stored_sha256)


def claims(session: Session, recording_id: str) -> Claims:
    """Read the current claims. Raises NotFoundError."""
    archived = {row.name: row for row in recordings.archive_objects(session, recording_id)}
    rows: list[Segment | Rendition] = [
        *recordings.segments(session, recording_id),
        *recordings.renditions(session, recording_id),
    ]
    files = {row.name: as_stored(row) for row in rows}
    for name, copy in archived.items():
        if name not in files and not copy.encoding:
            files[name] = RecordedFile(name, copy.size_bytes, copy.sha256)
    return Claims(
        recordings.get(session, recording_id),
        files,
        archived,
        is_at_rest(session, recording_id),
    )


def is_at_rest(session: Session, recording_id: str, *, lock: bool = False) -> bool:
    """Whether no stage or task is about to change the recording's files; `lock` keeps the stages as they are."""
    rows = stages.of_recording(session, recording_id, lock=lock)
    moving = (TaskKind.RESTORE, TaskKind.PURGE)
    return all(row.state in {WorkState.DONE, WorkState.FAILED} for row in rows.values()) and not any(
        tasks.unfinished(session, kind, recording_id) for kind in moving
    )
