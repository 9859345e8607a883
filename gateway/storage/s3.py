"""The archive in an S3-compatible bucket (boto3).

Callers: `gateway.storage.stores`. An ETag is no digest (multipart uploads have none), so digests are not asked for
here: `gateway.storage.moves` reads back and hashes.
"""

import contextlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from gateway.core.errors import NotFoundError, ReelgateError, UnavailableError
from gateway.settings import Settings
from gateway.storage.stores import PIECE_BYTES, StoredObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CONFIG: Final = Config(
    connect_timeout=5,
    read_timeout=30,
    # The stage itself is tried again with back-off; here only what a load balancer's hiccup needs.
    retries={"mode": "standard", "max_attempts": 3},
    s3={"addressing_style": "path"},  # the one that every S3-compatible server understands
    # Trailing checksums are unknown to many S3-compatible servers; what is stored is read back and hashed anyway.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
_MISSING: Final = frozenset({"404", "NoSuchKey", "NoSuchVersion"})
_REFUSED: Final = frozenset({"403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"})


class S3Store:
    """A `Store` in one bucket; with versioning on, `version_id` names the version that was put."""

    def __init__(self, settings: Settings, bucket: str) -> None:
        self._settings = settings
        self._bucket = bucket

    @cached_property
    def _client(self) -> "S3Client":
        secret, access = self._settings.s3_secret_key, self._settings.s3_access_key
        return boto3.session.Session().client(
            "s3",
            endpoint_url=self._settings.s3_endpoint,
            region_name=self._settings.s3_region,
            aws_access_key_id=access.get_secret_value() if access else None,
            aws_secret_access_key=secret.get_secret_value() if secret else None,
            config=_CONFIG,
        )

    def put(self, path: Path, key: str) -> StoredObject:
        with self._told(key):
            self._client.upload_file(str(path), self._bucket, key)
        stored = self.stat(key)
        if stored is None:
            raise UnavailableError(f"the archive took {key} and does not have it")
        return stored

    def stat(self, key: str, version_id: str | None = None) -> StoredObject | None:
        try:
            with self._told(key):
                head = self._client.head_object(Bucket=self._bucket, Key=key, **_version(version_id))
        except NotFoundError:
            return None
        return StoredObject(key, _real_version(head.get("VersionId")), head["ContentLength"])

    def open_range(
        self, key: str, start: int = 0, length: int | None = None, version_id: str | None = None
    ) -> Iterator[bytes]:
        if length == 0:
            return iter(())
        last = "" if length is None else str(start + length - 1)
        wanted: dict[str, Any] = {"Range": f"bytes={start}-{last}"} if start or length is not None else {}
        try:
            with self._told(key):
                answer = self._client.get_object(Bucket=self._bucket, Key=key, **wanted, **_version(version_id))
        except _RangeBehindEndError:
            return iter(())
        return self._pieces(key, answer["Body"])

    def delete(self, key: str, version_id: str | None = None) -> None:
        with contextlib.suppress(NotFoundError), self._told(key):
            self._client.delete_object(Bucket=self._bucket, Key=key, **_version(version_id))

    def _pieces(self, key: str, body: Any) -> Iterator[bytes]:
        with contextlib.closing(body), self._told(key):
            yield from body.iter_chunks(PIECE_BYTES)

    @contextlib.contextmanager
    def _told(self, key: str) -> Iterator[None]:
        """Turns the library's errors into ours."""
        try:
            yield
        except ClientError as error:
            raise self._answered(error, key) from error
        except (BotoCoreError, Boto3Error) as error:
            cause = error.__context__
            if isinstance(cause, ClientError):
                raise self._answered(cause, key) from error
            endpoint = self._settings.s3_endpoint or "of the cloud"
            raise UnavailableError(f"the archive at {endpoint} does not answer ({type(error).__name__})") from error

    def _answered(self, error: ClientError, key: str) -> ReelgateError:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code == "NoSuchBucket":
            return UnavailableError(f"the archive has no bucket {self._bucket}")
        if code in _MISSING:
            return NotFoundError(f"the archive has no {key}")
        if code in _REFUSED:
            return UnavailableError(f"the archive refuses the access key for bucket {self._bucket} ({code})")
        if code in {"416", "InvalidRange"}:
            return _RangeBehindEndError(f"{key} ends before what was asked for")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return UnavailableError(f"the archive answered {status} {code}")


class _RangeBehindEndError(ReelgateError):
    """The range begins behind the object's last byte: nothing to read (RFC 9110, section 15.5.17)."""


def _version(version_id: str | None) -> dict[str, Any]:
    return {} if version_id is None else {"VersionId": version_id}


def _real_version(version_id: str | None) -> str | None:
    """Buckets without versioning say nothing, or "null"."""
    return None if version_id in {None, "", "null"} else version_id
