"""The inventory of a recording, everywhere: written before the first byte is erased, and checked after the last.

Each file is a JSON object: `place` (recording: its files as their rows describe them; hot: further files of its folder;
expired: files that expiry has not removed yet; quarantine: damaged files kept of it; archive: every version of every
object; export: exported copies), `name`, `size_bytes`, and `sha256` (hex) if it is known; archived ones have
`key` and `version_id`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gateway.db.models import ArchiveObject, Recording
from gateway.db.repositories import exports, recordings
from gateway.storage.archive import archive_key
from gateway.storage.local import read_range, sha256_of
from gateway.storage.stores import StoredObject
from workers.reconcile.quarantine import quarantine_of
from workers.running.work import WorkerContext
from workers.tier.expiry import trash_folder

File = dict[str, Any]


def take(context: WorkerContext, recording: Recording) -> list[File]:
    """List everything that is known or found. Raises UnavailableError if the archive does not answer."""
    with context.database.read() as session:
        described: list[File] = [
            {
                "place": "recording",
                **row.model_dump(include={"name", "size_bytes", "sha256", "stored_bytes", "stored_sha256"}),
            }
            for row in (*recordings.segments(session, recording.id), *recordings.renditions(session, recording.id))
        ]
        archived = recordings.archive_objects(session, recording.id)
        exported: list[File] = [
            {"place": "export", **row.model_dump(include={"id", "name", "size_bytes", "sha256"})}
            for row in exports.of_recording(session, recording.id)
            if row.removed_at is None
        ]
    names = {file["name"] for file in described}
    return [
        *described,
        *_on_disk(context, recording, names),
        *_archived(context, recording, archived),
        *exported,
    ]


def folders(context: WorkerContext, recording: Recording) -> dict[str, Path]:
    """Return the folders that may hold files of it, by place."""
    hot = context.files.folder(recording)
    return {"hot": hot, "expired": trash_folder(hot), "quarantine": quarantine_of(context, recording.id)}


def _on_disk(context: WorkerContext, recording: Recording, names: set[str]) -> Iterator[File]:
    """Return files without a row: the manifest, and anything else there."""
    for place, folder in folders(context, recording).items():
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and (place != "hot" or name not in names):
                digest, size = sha256_of(read_range(path))
                yield {"place": place, "name": name, "size_bytes": size, "sha256": digest}


def _archived(context: WorkerContext, recording: Recording, rows: list[ArchiveObject]) -> Iterator[File]:
    known = {(row.key, row.version_id): row for row in rows}
    for stored in versions(context, recording):
        row = known.pop((stored.key, stored.version_id), None)
        yield _object(recording, stored, row.sha256 if row else None)
    for row in known.values():  # under another prefix, or gone from the archive: still erased by its key
        yield _object(recording, StoredObject(row.key, row.version_id, row.size_bytes), row.sha256)


def versions(context: WorkerContext, recording: Recording) -> Iterator[StoredObject]:
    """Return everything the archive holds below the recording's folder, including older versions."""
    return context.files.archive.versions(archive_key(context.settings, recording.folder, ""))


def _object(recording: Recording, stored: StoredObject, sha256: str | None) -> File:
    return {
        "place": "archive",
        "name": stored.key.rpartition(f"{recording.folder}/")[2],
        "key": stored.key,
        "version_id": stored.version_id,
        "size_bytes": stored.size_bytes,
        "sha256": sha256,
    }
