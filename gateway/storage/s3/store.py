"""The bucket as a `Store`. The caller must read back what it stores (`gateway.storage.moves`)."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from gateway.core.errors import ConflictError, NotFoundError, UnavailableError
from gateway.settings import Settings
from gateway.storage.pace import Pace
from gateway.storage.s3 import locks, requirements
from gateway.storage.s3.bucket import (
    Bucket,
    NotSupportedError,
    RangeBehindEndError,
    RefusedError,
    open_bucket,
    real_version,
    version,
)
from gateway.storage.s3.upload import UploadOptions, abort_older, pace_bodies, upload
from gateway.storage.stores import PIECE_BYTES, LockedError, Required, RequirementCheck, StoredObject


class S3Store:
    """A `Store` in one bucket; with versioning on, `version_id` names the version that was put."""

    def __init__(self, settings: Settings, bucket: str) -> None:
        self._settings = settings
        self._name = bucket
        self._down = Pace(settings.run_dir / "archive-down.pace", settings.s3_download_bytes_per_second)
        self._options = UploadOptions(
            part_bytes=settings.s3_part_bytes,
            pace=Pace(settings.run_dir / "archive-up.pace", settings.s3_upload_bytes_per_second),
            stored_as=_stored_as(settings),
        )

    @cached_property
    def _bucket(self) -> Bucket:
        bucket = open_bucket(self._settings, self._name)
        pace_bodies(bucket.client)
        return bucket

    @property
    def place(self) -> str:
        return f"s3://{self._name}/{self._settings.s3_prefix}"

    @property
    def can_lock(self) -> bool:
        return self._lockable or self._looks_lockable()

    _lockable = False

    def _looks_lockable(self) -> bool:
        """Check until it is lockable: Object Lock can be turned on, but not off again."""
        self._lockable = locks.is_supported(self._bucket)
        return self._lockable

    def put(self, path: Path, key: str) -> StoredObject:
        upload(self._bucket, path, key, self._options)
        head = self._head(key)
        if head is None:
            raise UnavailableError(f"the archive accepted {key} but does not have it")
        wanted = self._options.stored_as.get("ServerSideEncryption")
        if wanted is not None and head.get("ServerSideEncryption") != wanted:
            raise UnavailableError(f"the archive stored {key} without the configured encryption ({wanted})")
        return _stored(key, head)

    def stat(self, key: str, version_id: str | None = None) -> StoredObject | None:
        head = self._head(key, version_id)
        return None if head is None else _stored(key, head)

    def open_range(
        self, key: str, start: int = 0, length: int | None = None, version_id: str | None = None
    ) -> Iterator[bytes]:
        if length == 0:
            return iter(())
        last = "" if length is None else str(start + length - 1)
        byte_range: dict[str, Any] = {"Range": f"bytes={start}-{last}"} if start or length is not None else {}
        try:
            with self._bucket.translated_errors(key):
                answer = self._bucket.client.get_object(
                    Bucket=self._bucket.name, Key=key, **byte_range, **version(version_id)
                )
        except RangeBehindEndError:
            return iter(())
        if byte_range and not answer.get("ContentRange", "").startswith(f"bytes {start}-"):
            answer["Body"].close()
            raise UnavailableError(f"the archive answered with bytes of {key} that were not requested")
        return self._pieces(key, answer["Body"])

    def delete(self, key: str, version_id: str | None = None) -> None:
        try:
            with contextlib.suppress(NotFoundError), self._bucket.translated_errors(key):
                self._bucket.client.delete_object(Bucket=self._bucket.name, Key=key, **version(version_id))
        except RefusedError as error:
            if self._is_locked(key, version_id):
                raise LockedError(f"the archive keeps {key}: it is locked") from error
            raise

    def versions(self, prefix: str) -> Iterator[StoredObject]:
        pages = self._bucket.client.get_paginator("list_object_versions").paginate(
            Bucket=self._bucket.name, Prefix=prefix
        )
        with self._bucket.translated_errors(prefix):
            for page in pages:
                for row in page.get("Versions", []):
                    yield StoredObject(row["Key"], real_version(row["VersionId"]), row["Size"])

    def set_retention(self, key: str, version_id: str | None, until: datetime) -> datetime:
        self._refuse_without_lock()
        return locks.set_retention(self._bucket, key, version_id, until)

    def set_legal_hold(self, key: str, version_id: str | None, on: bool) -> None:
        self._refuse_without_lock()
        locks.set_legal_hold(self._bucket, key, version_id, on)

    def kept_by(self, key: str, version_id: str | None) -> str:
        if not self.can_lock:
            return ""
        with contextlib.suppress(NotFoundError):
            if locks.has_legal_hold(self._bucket, key, version_id):
                return "a legal hold is set on it in the archive"
            until = locks.retention(self._bucket, key, version_id)
            if until is not None and until > datetime.now(UTC):
                return f"it is locked in the archive until {until:%Y-%m-%d %H:%M} UTC"
        return ""

    def abort_uploads(self, before: datetime) -> int:
        return abort_older(self._bucket, self._settings.s3_prefix, before)

    def check(self, required: Required) -> list[RequirementCheck]:
        return requirements.check(self._bucket, self._settings.s3_prefix, required)

    def _head(self, key: str, version_id: str | None = None) -> dict[str, Any] | None:
        try:
            with self._bucket.translated_errors(key):
                return dict(self._bucket.client.head_object(Bucket=self._bucket.name, Key=key, **version(version_id)))
        except NotFoundError:
            return None

    def _pieces(self, key: str, body: Any) -> Iterator[bytes]:
        with contextlib.closing(body), self._bucket.translated_errors(key):
            for piece in body.iter_chunks(PIECE_BYTES):
                self._down.wait(len(piece))
                yield piece

    def _is_locked(self, key: str, version_id: str | None) -> bool:
        try:
            held = locks.has_legal_hold(self._bucket, key, version_id)
            return held or locks.retention(self._bucket, key, version_id) is not None
        except (NotFoundError, NotSupportedError, RefusedError):
            return False

    def _refuse_without_lock(self) -> None:
        if not self.can_lock:
            raise ConflictError(f"bucket {self._name} has no Object Lock; create a new one with it")


def _stored(key: str, head: dict[str, Any]) -> StoredObject:
    return StoredObject(key, real_version(head.get("VersionId")), head["ContentLength"], head.get("StorageClass", ""))


def _stored_as(settings: Settings) -> dict[str, Any]:
    wanted = {
        "StorageClass": settings.s3_storage_class,
        "ServerSideEncryption": settings.s3_encryption,
        "SSEKMSKeyId": settings.s3_kms_key_id,
    }
    return {name: value for name, value in wanted.items() if value}
