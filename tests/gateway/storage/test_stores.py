"""Both archives, a folder and a real S3-compatible server, keep the same promises."""

from pathlib import Path

import pytest

from gateway.core.errors import DamagedError, InvalidInputError, NotFoundError, UnavailableError
from gateway.db.repositories.recordings import RecordedFile
from gateway.settings import Settings
from gateway.storage.archive import archive_key, archive_store
from gateway.storage.local import FolderStore, atomic_path, sha256_of
from gateway.storage.moves import CorruptCopyError, copy_verified, is_present
from gateway.storage.s3 import S3Store
from gateway.storage.stores import Store, StoredObject
from tests.parts.s3 import S3Server

BODY = bytes(range(256)) * 4096  # 1 MiB: more than one piece


def s3_settings(server: S3Server, bucket: str, **changed: object) -> Settings:
    return Settings.model_validate(
        {
            "s3_endpoint": server.url,
            "s3_bucket": bucket,
            "s3_access_key": server.access_key,
            "s3_secret_key": server.secret_key,
            **changed,
        }
    )


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return FolderStore(tmp_path / "archive")
    return S3Store(s3_settings(request.getfixturevalue("s3_server"), ""), request.getfixturevalue("s3_bucket"))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.bin"
    path.write_bytes(BODY)
    return path


def recorded(path: Path) -> RecordedFile:
    digest, size = sha256_of([path.read_bytes()])
    return RecordedFile(path.name, size, digest)


def test_what_was_put_is_there_whole(store: Store, source: Path) -> None:
    stored = store.put(source, "a/b/c.bin")
    assert (stored.key, stored.size_bytes) == ("a/b/c.bin", len(BODY))
    assert store.stat("a/b/c.bin") == stored
    assert b"".join(store.open_range("a/b/c.bin", version_id=stored.version_id)) == BODY


@pytest.mark.parametrize(
    ("start", "length"),
    [(0, 0), (0, 1), (5, 300_000), (len(BODY) - 3, 3), (len(BODY) - 3, 99), (7, None), (len(BODY), 10)],
)
def test_a_range_is_what_a_slice_is(store: Store, source: Path, start: int, length: int | None) -> None:
    store.put(source, "k")
    end = None if length is None else start + length
    assert b"".join(store.open_range("k", start, length)) == BODY[start:end]


def test_what_is_not_there_is_said_at_once(store: Store) -> None:
    assert store.stat("missing") is None
    with pytest.raises(NotFoundError):
        store.open_range("missing")


def test_deleting_twice_is_deleting_once(store: Store, source: Path) -> None:
    store.put(source, "k")
    store.delete("k")
    store.delete("k")
    assert store.stat("k") is None


def test_what_is_uploaded_in_parts_is_one_object(store: Store, tmp_path: Path) -> None:
    source = tmp_path / "large.bin"
    source.write_bytes(BODY * 20)  # boto3 uploads more than 8 MiB in parts
    copy = copy_verified(store, source, "large", recorded(source))
    assert copy.stored.size_bytes == 20 * len(BODY)
    start = 8 * 2**20 - 5
    assert b"".join(store.open_range("large", start, 10)) == (BODY * 20)[start : start + 10]


def test_a_second_put_replaces(store: Store, source: Path) -> None:
    store.put(source, "k")
    source.write_bytes(b"newer")
    store.put(source, "k")
    assert b"".join(store.open_range("k")) == b"newer"


def test_a_copy_is_verified_and_taken_over_by_the_next_run(store: Store, source: Path) -> None:
    first = copy_verified(store, source, "k", recorded(source))
    second = copy_verified(store, source, "k", recorded(source))
    assert first.stored == second.stored
    assert is_present(store, "k", first.stored.version_id, len(BODY))
    assert not is_present(store, "k", None, len(BODY) + 1)


def test_a_copy_of_other_bytes_at_its_place_is_replaced(store: Store, source: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(BODY[::-1])
    store.put(other, "k")
    copy_verified(store, source, "k", recorded(source))
    assert b"".join(store.open_range("k")) == BODY


def test_a_source_that_is_not_what_was_recorded_is_not_copied(store: Store, source: Path) -> None:
    file = recorded(source)
    source.write_bytes(BODY[:-1] + b"!")
    with pytest.raises(DamagedError, match=r"source\.bin on disk is not what was recorded"):
        copy_verified(store, source, "k", file)
    assert store.stat("k") is None


class _SpoilingStore(FolderStore):
    """A store that answers "stored" and stores something else."""

    def put(self, path: Path, key: str) -> StoredObject:
        stored = super().put(path, key)
        self._path(key).write_bytes(b"?" * stored.size_bytes)
        return stored


def test_a_damaged_copy_is_found_and_removed(source: Path, tmp_path: Path) -> None:
    store = _SpoilingStore(tmp_path / "archive")
    with pytest.raises(CorruptCopyError, match="is damaged; it is uploaded again"):
        copy_verified(store, source, "k", recorded(source))
    assert store.stat("k") is None


def test_a_folder_store_stays_in_its_folder(tmp_path: Path, source: Path) -> None:
    with pytest.raises(InvalidInputError):
        FolderStore(tmp_path / "archive").put(source, "../outside")


def test_versions_are_kept_and_read_by_their_id(s3_server: S3Server, s3_bucket: str, source: Path) -> None:
    s3_server.client().put_bucket_versioning(Bucket=s3_bucket, VersioningConfiguration={"Status": "Enabled"})
    store = S3Store(s3_settings(s3_server, s3_bucket), s3_bucket)
    first = store.put(source, "k")
    source.write_bytes(b"newer")
    second = store.put(source, "k")
    assert first.version_id != second.version_id
    assert b"".join(store.open_range("k", version_id=first.version_id)) == BODY
    assert store.stat("k", first.version_id) == first


@pytest.mark.parametrize(
    ("changed", "bucket", "text"),
    [
        ({"s3_secret_key": "wrong"}, None, "rejects the access key"),
        ({"s3_access_key": "nobody"}, None, "rejects the access key"),
        ({}, "no-such-bucket", "has no bucket no-such-bucket"),
        ({"s3_endpoint": "http://127.0.0.1:9"}, None, "does not answer"),
    ],
)
def test_what_is_wrong_with_the_archive_is_said_in_words(
    changed: dict[str, str], bucket: str | None, text: str, s3_server: S3Server, s3_bucket: str, source: Path
) -> None:
    store = S3Store(s3_settings(s3_server, s3_bucket, **changed), bucket or s3_bucket)
    with pytest.raises(UnavailableError, match=text):
        store.put(source, "k")


def test_the_prefix_belongs_to_the_bucket(tmp_path: Path) -> None:
    folder = Settings(data_dir=tmp_path, s3_prefix="site-1/")
    bucket = folder.model_copy(update={"s3_bucket": "evidence"})
    assert archive_key(folder, "recordings/x", "video.mp4") == "recordings/x/video.mp4"
    assert archive_key(bucket, "recordings/x", "video.mp4") == "site-1/recordings/x/video.mp4"
    assert isinstance(archive_store(folder), FolderStore)
    assert isinstance(archive_store(bucket), S3Store)


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "out.bin"

    with pytest.raises(KeyboardInterrupt), atomic_path(target) as temporary:
        temporary.write_bytes(b"half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    with atomic_path(target) as temporary:
        temporary.write_bytes(b"whole")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("out.bin", b"whole")]
