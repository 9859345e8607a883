"""A recording as it is once archived, made by hand: two segments, a video, the manifest; hot and in the archive."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.core.recording.layout import MANIFEST, VIDEO, recording_folder, segment_name
from gateway.core.recording.states import RecordingState, Tier
from gateway.db.columns import new_id, utc_now
from gateway.db.models import ArchiveObject, Recording, Rendition, Segment
from gateway.db.repositories.recordings import RecordedFile
from gateway.settings import Settings
from gateway.storage.archive import archive_key
from gateway.storage.local import sha256_of
from gateway.storage.moves import copy_verified
from tests.workers.conftest import make_settings
from workers.running.work import WorkerContext

CONTENT = {
    segment_name(0, "guac"): b"4.size,1.0,3.800,3.600;" * 40,
    segment_name(1, "guac"): b"4.sync,4.1234;" * 40,
    VIDEO: b"not really a video" * 60,
    MANIFEST: b'{"manifest": true}\n' * 9,
}
Make = Callable[..., Recording]


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """SQLite, or PostgreSQL for tests that are parametrised with it."""
    is_postgresql = getattr(request, "param", "sqlite") == "postgresql"
    url = {"database_url": request.getfixturevalue("postgres_url")} if is_postgresql else {}
    return make_settings(tmp_path, **url)


@pytest.fixture
def make(context: WorkerContext) -> Make:
    """Makes one; `archived=False`: it is sealed, and on hot storage alone."""

    def make_one(*, archived: bool = True) -> Recording:
        return make_recording(context, archived=archived)

    return make_one


def _put_files(
    context: WorkerContext, recording: Recording, *, archived: bool
) -> list[Segment | Rendition | ArchiveObject]:
    folder = context.files.folder(recording)
    rows: list[Segment | Rendition | ArchiveObject] = []
    for name, data in CONTENT.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        file = RecordedFile(name, len(data), sha256_of([data])[0])
        described: dict[str, Any] = {
            "recording_id": recording.id,
            "name": name,
            "size_bytes": file.size_bytes,
            "sha256": file.sha256,
        }
        stored: dict[str, Any] = {"stored_bytes": file.size_bytes, "stored_sha256": file.sha256}
        if name.endswith(".guac"):
            rows.append(Segment(**described, **stored, number=len(rows)))
        elif name == VIDEO:
            rows.append(Rendition(**described, **stored, engine="test"))
        if archived:
            key = archive_key(context.settings, recording.folder, name)
            copy = copy_verified(context.files.archive, path, key, file)
            version = copy.stored.version_id
            rows.append(ArchiveObject(**described, key=key, version_id=version, verified_at=copy.verified_at))
    return rows


def make_recording(context: WorkerContext, *, archived: bool = True) -> Recording:
    recording_id, now = new_id(), utc_now()
    recording = Recording(
        id=recording_id,
        folder=recording_folder(recording_id, now),
        target_name="lab",
        operator_name="olga",
        protocol="vnc",
        state=RecordingState.ARCHIVED if archived else RecordingState.SEALED,
        tier=Tier.HOT,
        started_at=now,
        duration_ms=60_000,
        sealed_at=now,
    )
    rows = _put_files(context, recording, archived=archived)
    keys = context.keys.data
    with context.database.write() as session:
        session.add(recording)
        session.flush()
        keys.create(session, recording_id)
        session.add_all(rows)
    return recording
