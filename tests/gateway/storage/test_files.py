"""Reading files of recordings: hot, archived, in parts, at any place."""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest

from gateway.core.errors import DamagedError, NotFoundError
from gateway.core.recording.layout import MANIFEST, VIDEO, segment_name
from gateway.db.columns import utc_now
from gateway.db.database import Database
from gateway.db.models import ArchiveObject, Recording, RecordingKey, Rendition, Segment
from gateway.keyring import Keyring
from gateway.keys.data_key import DataKey
from gateway.keys.site import open_database
from gateway.settings import Settings
from gateway.storage.encryption import TamperedError, encrypt_file
from gateway.storage.files import RecordingFiles
from gateway.storage.local import read_range, sha256_of
from tests.gateway.storage.encryption.files import sealed
from tests.parts.database import upgrade

SEGMENTS = [b"first segment;", b"second;", b"third and last;"]
WHOLE = b"".join(SEGMENTS)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


@pytest.fixture
def files(settings: Settings) -> Iterator[RecordingFiles]:
    upgrade(settings.database)
    database = open_database(settings)
    yield RecordingFiles(settings, database)
    database.close()


@pytest.fixture(params=["hot", "archived"])
def place(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["encrypted", "encrypted in pieces"])
def recording(request: pytest.FixtureRequest, place: str, settings: Settings, files: RecordingFiles) -> Recording:
    """Three segments, on disk and in the archive, or there alone."""
    recording = Recording(folder="recordings/2026/01/02/r", target_name="t", operator_name="o")
    folder = files.folder(recording)
    (folder / "segments").mkdir(parents=True)
    with opened(settings) as database:
        key = keep(settings, database, recording)
        for number, data in enumerate(SEGMENTS):
            name = segment_name(number, "guac")
            stored = sealed([data[:5], data[5:]], 4 if request.param.endswith("pieces") else 0, key=key, name=name)
            (folder / name).write_bytes(stored)
            put_row(database, recording, number, data)
            archive(files, database, recording, name)
    if place == "archived":
        shutil.rmtree(folder)
    return recording


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    database = open_database(settings)
    yield database
    database.close()


def keep(settings: Settings, database: Database, recording: Recording) -> DataKey:
    """Add the recording's row, with a key."""
    keys = Keyring.open(settings, database).data
    with database.write() as session:
        session.add(recording)
        session.flush()
        return keys.create(session, recording.id)


def put_row(database: Database, recording: Recording, number: int, data: bytes) -> None:
    name, (digest, size) = segment_name(number, "guac"), sha256_of([data])
    with database.write() as session:
        session.merge(recording)
        session.flush()
        session.add(
            Segment(
                recording_id=recording.id,
                number=number,
                name=name,
                size_bytes=size,
                sha256=digest,
                stored_bytes=size,
                stored_sha256=digest,
            )
        )


def archive(files: RecordingFiles, database: Database, recording: Recording, name: str) -> None:
    path, key = files.folder(recording) / name, f"{recording.folder}/{name}"
    files.archive.put(path, key)
    digest, size = sha256_of(read_range(path))
    with database.write() as session:
        session.add(
            ArchiveObject(
                recording_id=recording.id, name=name, key=key, size_bytes=size, sha256=digest, verified_at=utc_now()
            )
        )


def test_the_original_is_its_segments_joined(files: RecordingFiles, recording: Recording) -> None:
    for start, length in product((0, 1, 13, 14, 20, 21, 35, 36, 50), (None, 0, 1, 7, 30, 100)):
        end = None if length is None else start + length
        assert b"".join(files.original(recording, start, length)) == WHOLE[start:end], (start, length)


def test_a_file_is_read_from_wherever_it_is(files: RecordingFiles, recording: Recording) -> None:
    name = segment_name(1, "guac")
    assert b"".join(files.open(recording, name)) == SEGMENTS[1]
    assert b"".join(files.open(recording, name, 2, 3)) == SEGMENTS[1][2:5]
    assert files.size(recording, name) == len(SEGMENTS[1])


def test_a_file_can_be_sought_in(files: RecordingFiles, recording: Recording) -> None:
    with files.seekable(recording, segment_name(0, "guac")) as file:
        file.seek(-4, io.SEEK_END)
        assert file.read() == b"ent;"
        assert file.read() == b""
        file.seek(6)
        assert file.read(7) == b"segment"
        assert file.tell() == 13


def test_a_file_is_fetched_to_be_given_to_programs(files: RecordingFiles, recording: Recording, tmp_path: Path) -> None:
    path = files.fetch(recording, segment_name(2, "guac"), tmp_path / "fetched.guac")
    assert path.read_bytes() == SEGMENTS[2]


def test_what_is_nowhere_is_not_found(files: RecordingFiles, recording: Recording) -> None:
    for read in (files.open, files.size, files.seekable, files.open_stored, files.stored_size):
        with pytest.raises(NotFoundError):
            read(recording, "video.mp4")


@pytest.fixture
def secret(settings: Settings, files: RecordingFiles) -> Iterator[tuple[Recording, DataKey, Database]]:
    """A recording with a key and an empty folder."""
    recording = Recording(folder="recordings/2026/01/02/s", target_name="t", operator_name="o")
    (files.folder(recording) / "segments").mkdir(parents=True)
    with opened(settings) as database:
        yield recording, keep(settings, database, recording), database


Secret = tuple[Recording, DataKey, Database]


def test_what_is_stored_is_given_as_it_is(files: RecordingFiles, secret: Secret) -> None:
    recording, key, database = secret
    stored = encrypt_file([b"film"], files.folder(recording) / VIDEO, key, VIDEO)
    with database.write() as session:
        digest, size = sha256_of([b"film"])
        session.add(
            Rendition(
                recording_id=recording.id,
                name=VIDEO,
                size_bytes=size,
                sha256=digest,
                stored_bytes=stored.size_bytes,
                stored_sha256=stored.sha256,
                engine="e",
            )
        )
    assert sha256_of(files.open_stored(recording, VIDEO)) == stored
    assert files.stored_size(recording, VIDEO) == stored.size_bytes
    assert files.size(recording, VIDEO) == 4
    assert b"".join(files.open(recording, VIDEO)) == b"film"


def test_a_file_in_clear_is_refused_where_the_recording_has_a_key(
    files: RecordingFiles, secret: Secret, tmp_path: Path
) -> None:
    recording, _key, _database = secret
    for name in (segment_name(0, "guac"), VIDEO):
        (files.folder(recording) / name).write_bytes(b"4.size,1.0,4.1024,3.768;" * 5)
        for read in (files.open, files.seekable, lambda row, part: files.fetch(row, part, tmp_path / "copy")):
            with pytest.raises(TamperedError, match="not encrypted, but must be"):
                read(recording, name)
    assert not (tmp_path / "copy").exists()


def test_a_file_in_clear_is_refused_where_the_key_was_taken_out_of_the_database(
    files: RecordingFiles, secret: Secret
) -> None:
    recording, _key, database = secret
    (files.folder(recording) / VIDEO).write_bytes(b"a film of somebody else")
    with database.write() as session:
        session.delete(session.get(RecordingKey, recording.id))
    with pytest.raises(DamagedError, match="has no data key"):
        files.open(recording, VIDEO)


def test_the_manifest_is_read_as_it_is(files: RecordingFiles, secret: Secret, tmp_path: Path) -> None:
    recording, _key, _database = secret
    path = files.folder(recording) / MANIFEST
    path.write_bytes(b"{}\n")
    assert b"".join(files.open(recording, MANIFEST)) == b"{}\n"
    assert files.size(recording, MANIFEST) == 3
    assert files.fetch(recording, MANIFEST, tmp_path / "copy") == path


def test_a_segment_that_a_crash_cut_short_is_read_as_far_as_its_row_says(files: RecordingFiles, secret: Secret) -> None:
    recording, key, database = secret
    whole = sealed([b"first;", b"second;"], 0, key=key, name=segment_name(0, "guac"))
    (files.folder(recording) / segment_name(0, "guac")).write_bytes(whole[:-25])
    assert b"".join(files.open(recording, segment_name(0, "guac"))) == b"first;"
    put_row(database, recording, 0, b"first;")
    assert b"".join(files.open(recording, segment_name(0, "guac"))) == b"first;"
    assert b"".join(files.original(recording)) == b"first;"


def test_a_segment_that_is_shorter_than_its_row_says_is_damaged(files: RecordingFiles, secret: Secret) -> None:
    recording, key, database = secret
    whole = sealed([b"first;", b"second;"], 0, key=key, name=segment_name(0, "guac"))
    (files.folder(recording) / segment_name(0, "guac")).write_bytes(whole[:-25])
    put_row(database, recording, 0, b"first;second;")
    with pytest.raises(
        DamagedError, match=r"segments/000000.guac is not what was recorded: 7 bytes at its end are missing"
    ):
        b"".join(files.open(recording, segment_name(0, "guac")))


def test_of_a_damaged_file_what_comes_before_the_damage_is_fetched_when_that_will_do(
    files: RecordingFiles, secret: Secret, tmp_path: Path
) -> None:
    recording, key, _database = secret
    stored = bytearray(sealed([b"first;", b"second;"], 0, key=key, name=segment_name(0, "guac")))
    stored[-25] ^= 1
    (files.folder(recording) / segment_name(0, "guac")).write_bytes(stored)
    with pytest.raises(TamperedError, match="record 1 was altered"):
        files.fetch(recording, segment_name(0, "guac"), tmp_path / "copy")
    path = files.fetch(recording, segment_name(0, "guac"), tmp_path / "copy", damaged=True)
    assert path.read_bytes() == b"first;"


def test_what_a_destroyed_key_encrypted_is_gone(settings: Settings, files: RecordingFiles, secret: Secret) -> None:
    recording, key, database = secret
    encrypt_file([b"film"], files.folder(recording) / VIDEO, key, VIDEO)
    with database.write() as session:
        Keyring(settings).data.destroy(session, recording.id)
    with pytest.raises(NotFoundError, match="was destroyed"):
        files.open(recording, VIDEO)
