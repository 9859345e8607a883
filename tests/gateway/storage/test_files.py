"""Reading files of recordings: hot, archived, in parts, at any place."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.core.errors import NotFoundError
from gateway.core.recording.layout import segment_name
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.migrate import upgrade
from gateway.db.models import ArchiveObject, Recording, Segment
from gateway.settings import Settings
from gateway.storage.files import RecordingFiles
from gateway.storage.local import sha256_of

SEGMENTS = [b"first segment;", b"second;", b"third and last;"]
WHOLE = b"".join(SEGMENTS)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def files(settings: Settings) -> Iterator[RecordingFiles]:
    upgrade(settings.database)
    database = Database(settings.database)
    yield RecordingFiles(settings, database)
    database.close()


@pytest.fixture(params=["hot", "archived"])
def recording(request: pytest.FixtureRequest, settings: Settings, files: RecordingFiles) -> Recording:
    recording = Recording(folder="recordings/2026/01/02/r", target_name="t", operator_name="o")
    folder = settings.data_dir / recording.folder
    (folder / "segments").mkdir(parents=True)
    database = Database(settings.database)
    with database.write() as session:
        session.add(recording)
        session.flush()
        for number, data in enumerate(SEGMENTS):
            name, (digest, size) = segment_name(number), sha256_of([data])
            (folder / name).write_bytes(data)
            key = f"{recording.folder}/{name}"
            files.archive.put(folder / name, key)
            session.add(Segment(recording_id=recording.id, number=number, name=name, size_bytes=size, sha256=digest))
            session.add(
                ArchiveObject(
                    recording_id=recording.id,
                    name=name,
                    key=key,
                    size_bytes=size,
                    sha256=digest,
                    verified_at=utc_now(),
                )
            )
    database.close()
    if request.param == "archived":
        shutil.rmtree(folder)
    return recording


@pytest.mark.parametrize("start", [0, 1, 13, 14, 20, 21, 35, 36, 50])
@pytest.mark.parametrize("length", [None, 0, 1, 7, 30, 100])
def test_the_original_is_its_segments_joined(
    files: RecordingFiles, recording: Recording, start: int, length: int | None
) -> None:
    end = None if length is None else start + length
    assert b"".join(files.original(recording, start, length)) == WHOLE[start:end]


def test_a_file_is_read_from_wherever_it_is(files: RecordingFiles, recording: Recording) -> None:
    name = segment_name(1)
    assert b"".join(files.open(recording, name)) == SEGMENTS[1]
    assert b"".join(files.open(recording, name, 2, 3)) == SEGMENTS[1][2:5]
    assert files.size(recording, name) == len(SEGMENTS[1])


def test_a_file_can_be_sought_in(files: RecordingFiles, recording: Recording) -> None:
    with files.seekable(recording, segment_name(0)) as file:
        file.seek(-4, io.SEEK_END)
        assert file.read() == b"ent;"
        assert file.read() == b""
        file.seek(6)
        assert file.read(7) == b"segment"
        assert file.tell() == 13


def test_a_file_is_fetched_to_be_given_to_programs(files: RecordingFiles, recording: Recording, tmp_path: Path) -> None:
    path = files.fetch(recording, segment_name(2), tmp_path / "fetched.guac")
    assert path.read_bytes() == SEGMENTS[2]


def test_what_is_nowhere_is_not_found(files: RecordingFiles, recording: Recording) -> None:
    for read in (files.open, files.size, files.seekable):
        with pytest.raises(NotFoundError):
            read(recording, "video.mp4")
