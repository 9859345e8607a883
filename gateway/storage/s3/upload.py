"""Upload a file to the bucket: whole if small, otherwise in parts that a later run can resume.

Every request carries SHA-256 (x-amz-checksum-sha256: stored and checked by servers that support it) and Content-MD5
(RFC 1864: checked by the others), so that no server accepts bytes that changed in transit. An interrupted upload is
found again by its key: parts already there with the right digest are not sent again.
"""

import base64
import hashlib
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gateway.core.errors import NotFoundError, UnavailableError
from gateway.storage.pace import Pace
from gateway.storage.s3.bucket import Bucket, NotSupportedError, code_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import PartTypeDef

# Amazon S3 User Guide, "multipart upload limits".
_MOST_PARTS: Final = 10_000


@dataclass(frozen=True)
class UploadOptions:
    """`stored_as` are boto3's arguments for storage class and encryption."""

    part_bytes: int
    pace: Pace
    stored_as: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Piece:
    """One part of the file and its digests (base64, as in the headers)."""

    number: int
    data: bytes

    @property
    def sha256(self) -> str:
        return base64.b64encode(hashlib.sha256(self.data).digest()).decode()

    @property
    def md5(self) -> "hashlib._Hash":
        return hashlib.md5(self.data, usedforsecurity=False)

    def request(self, pace: Pace) -> dict[str, Any]:
        return {"Body": _PacedBody(self.data, pace), **checksums(self.data)}

    def is_in(self, part: "PartTypeDef") -> bool:
        """Whether the server's part is this one, by a digest."""
        if part.get("Size") != len(self.data):
            return False
        if kept := part.get("ChecksumSHA256"):
            return kept == self.sha256
        return str(part.get("ETag", "")).strip('"') == self.md5.hexdigest()


def checksums(data: bytes) -> dict[str, str]:
    """Return the digests every upload carries, as boto3's arguments."""
    md5 = hashlib.md5(data, usedforsecurity=False).digest()
    return {
        "ChecksumSHA256": base64.b64encode(hashlib.sha256(data).digest()).decode(),
        "ContentMD5": base64.b64encode(md5).decode(),
    }


class _PacedBody(io.BytesIO):
    """A body that is read without delay to be signed, and at the set rate while it is sent."""

    def __init__(self, data: bytes, pace: Pace) -> None:
        super().__init__(data)
        self._pace = pace
        self.is_sent = False

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.is_sent = False  # rewound to be hashed, or to be sent again
        return super().seek(offset, whence)

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if self.is_sent:
            self._pace.wait(len(data))
        return data


def pace_bodies(client: "S3Client") -> None:
    """Make the client signal when a body is being sent rather than hashed."""
    client.meta.events.register("before-send.s3", _begin_sending)


def _begin_sending(request: Any, **_event: Any) -> None:
    if isinstance(request.body, _PacedBody):
        request.body.is_sent = True


def upload(bucket: Bucket, path: Path, key: str, options: UploadOptions) -> None:
    """Upload the file to `key`, resuming parts from an earlier run."""
    size = path.stat().st_size
    if size <= options.part_bytes:
        piece = _Piece(1, path.read_bytes())
        with bucket.translated_errors(key):
            bucket.client.put_object(Bucket=bucket.name, Key=key, **piece.request(options.pace), **options.stored_as)
        return
    part_bytes = max(options.part_bytes, math.ceil(size / _MOST_PARTS))
    upload_id, there = _resumed(bucket, key)
    if upload_id is None:
        upload_id = _begin(bucket, key, options)
    done = [_put_part(bucket, key, upload_id, piece, there, options) for piece in _pieces(path, part_bytes)]
    with bucket.translated_errors(key):
        bucket.client.complete_multipart_upload(
            Bucket=bucket.name, Key=key, UploadId=upload_id, MultipartUpload={"Parts": done}
        )


def abort_older(bucket: Bucket, prefix: str, before: datetime) -> int:
    """Abort uploads below `prefix` without progress since then; their parts cost money unnoticed."""
    stale = [row for row in _uploads(bucket, prefix) if row["Initiated"] < before]
    for row in stale:
        _abort(bucket, row["Key"], row["UploadId"])
    return len(stale)


def _begin(bucket: Bucket, key: str, options: UploadOptions) -> str:
    with bucket.translated_errors(key):
        answer = bucket.client.create_multipart_upload(
            Bucket=bucket.name, Key=key, ChecksumAlgorithm="SHA256", **options.stored_as
        )
    return answer["UploadId"]


def _put_part(
    bucket: Bucket, key: str, upload_id: str, piece: _Piece, there: dict[int, "PartTypeDef"], options: UploadOptions
) -> Any:
    part = there.get(piece.number)
    if part is not None and piece.is_in(part):
        etag = part["ETag"]
    else:
        with bucket.translated_errors(key):
            answer = bucket.client.upload_part(
                Bucket=bucket.name,
                Key=key,
                UploadId=upload_id,
                PartNumber=piece.number,
                **piece.request(options.pace),
            )
        etag = answer["ETag"]
    return {"PartNumber": piece.number, "ETag": etag, "ChecksumSHA256": piece.sha256}


def _pieces(path: Path, part_bytes: int) -> Iterator[_Piece]:
    with path.open("rb") as file:
        number = 1
        while data := file.read(part_bytes):
            yield _Piece(number, data)
            number += 1


def _resumed(bucket: Bucket, key: str) -> tuple[str | None, dict[int, "PartTypeDef"]]:
    """Return the newest unfinished upload to exactly this key, and its parts; older ones are aborted."""
    found = sorted((row for row in _uploads(bucket, key) if row["Key"] == key), key=lambda row: row["Initiated"])
    for row in found[:-1]:
        _abort(bucket, key, row["UploadId"])
    if not found:
        return None, {}
    upload_id: str = found[-1]["UploadId"]
    try:
        return upload_id, {part["PartNumber"]: part for part in _parts(bucket, key, upload_id)}
    except UnavailableError as error:
        if code_of(error) != "NoSuchUpload":  # it was just aborted or completed
            raise
        return None, {}


def _uploads(bucket: Bucket, prefix: str) -> Sequence[Any]:
    """Return unfinished uploads; none if the server cannot list them."""
    pages = bucket.client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket.name, Prefix=prefix)
    try:
        with bucket.translated_errors(prefix):
            return [row for page in pages for row in page.get("Uploads", [])]
    except NotSupportedError:
        return []


def _parts(bucket: Bucket, key: str, upload_id: str) -> list["PartTypeDef"]:
    pages = bucket.client.get_paginator("list_parts").paginate(Bucket=bucket.name, Key=key, UploadId=upload_id)
    with bucket.translated_errors(key):
        return [part for page in pages for part in page.get("Parts", [])]


def _abort(bucket: Bucket, key: str, upload_id: str) -> None:
    try:
        with bucket.translated_errors(key):
            bucket.client.abort_multipart_upload(Bucket=bucket.name, Key=key, UploadId=upload_id)
    except NotFoundError:
        return  # it has just ended
