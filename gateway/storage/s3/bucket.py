"""A bucket, its connection, and translation of its errors."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from gateway.core.errors import NotFoundError, ReelgateError, UnavailableError
from gateway.settings import Settings
from gateway.storage.s3.clients import s3_client

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CONFIG: Final = Config(
    connect_timeout=5,
    read_timeout=30,
    # The stage itself retries with back-off; these retries only cover a load balancer's hiccup.
    retries={"mode": "standard", "max_attempts": 3},
    s3={"addressing_style": "path"},  # the style that every S3-compatible server supports
    # Trailing checksums are unknown to many S3-compatible servers; uploads send plain checksums of their own.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
_MISSING: Final = frozenset({"404", "NoSuchKey", "NoSuchVersion"})
_REFUSED: Final = frozenset({"403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"})
_FULL: Final = frozenset({"507", "QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "StorageFull"})
_NOT_SUPPORTED: Final = frozenset({"501", "405", "NotImplemented", "MethodNotAllowed"})
_INSUFFICIENT_STORAGE: Final = 507
_MOST_WORDS: Final = 300
# Amazon S3 API Reference, "Error responses", RequestTimeTooSkewed: more than 15 minutes.
_REFUSED_SKEW_SECONDS: Final = 15 * 60


class NotSupportedError(ReelgateError):
    """The server does not support this part of S3."""


class RefusedError(UnavailableError):
    """The server rejects the access key, altogether or for this request."""


class RangeBehindEndError(ReelgateError):
    """The range begins after the object's last byte: nothing to read (RFC 9110, section 15.5.17)."""


@dataclass(frozen=True)
class Bucket:
    """`endpoint` is for display; `client` is boto3's and may be used by several threads."""

    client: "S3Client"
    name: str
    endpoint: str

    @contextlib.contextmanager
    def translated_errors(self, key: str = "") -> Iterator[None]:
        """Translate the library's errors into ours."""
        try:
            yield
        except ClientError as error:
            raise self._answered(error, key) from error
        except (BotoCoreError, Boto3Error, HTTPError) as error:
            text = f"the archive at {self.endpoint} does not answer ({type(error).__name__})"
            raise UnavailableError(text) from error

    def _answered(self, error: ClientError, key: str) -> ReelgateError:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code == "NoSuchBucket":
            return UnavailableError(f"the archive has no bucket {self.name}")
        if code in _MISSING:
            return NotFoundError(f"the archive has no {key}")
        if code == "RequestTimeTooSkewed" or (code in _REFUSED and _is_skewed(error)):
            return UnavailableError(
                f"the archive rejects this machine's clock, which is {_skew_text(error)} off: set it by NTP"
            )
        if code in _REFUSED:
            return RefusedError(f"the archive rejects the access key for bucket {self.name} ({code})")
        if code in {"416", "InvalidRange"}:
            return RangeBehindEndError(f"{key} ends before the requested range")
        if code in _NOT_SUPPORTED:
            return NotSupportedError(f"the archive at {self.endpoint} does not support this ({code})")
        if code in _FULL or status == _INSUFFICIENT_STORAGE:
            return UnavailableError(f"the archive is full: bucket {self.name} accepts no more data ({status} {code})")
        return UnavailableError(f"the archive answered {status} {code}{_own_words(error)}")


def open_bucket(settings: Settings, name: str) -> Bucket:
    """Open the configured bucket; nothing is sent yet."""
    secret, access = settings.s3_secret_key, settings.s3_access_key
    client = s3_client(
        endpoint_url=settings.s3_endpoint,
        region_name=settings.s3_region,
        aws_access_key_id=access.get_secret_value() if access else None,
        aws_secret_access_key=secret.get_secret_value() if secret else None,
        config=_CONFIG,
    )
    return Bucket(client, name, settings.s3_endpoint or "of the cloud")


def version(version_id: str | None) -> dict[str, Any]:
    """Return the argument that names a version, if there is one."""
    return {} if version_id is None else {"VersionId": version_id}


def real_version(version_id: str | None) -> str | None:
    """Return the version id; buckets without versioning return nothing, or "null"."""
    return None if version_id in {None, "", "null"} else version_id


def skew_seconds(answer: Any) -> float | None:
    """Return how far the server's clock is ahead of ours, by an answer's Date header; None without one."""
    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    if not date:
        return None
    try:
        there = parsedate_to_datetime(date)
    except ValueError:
        return None
    return (there.astimezone(UTC) - datetime.now(UTC)).total_seconds()


def code_of(error: Exception) -> str:
    """Return the server's own error code, from an error translated by `Bucket.translated_errors`."""
    cause = error.__cause__
    return str(cause.response.get("Error", {}).get("Code", "")) if isinstance(cause, ClientError) else ""


def _own_words(error: ClientError) -> str:
    """Return the server's message, such as which header it rejects; printable and bounded."""
    words = " ".join(str(error.response.get("Error", {}).get("Message", "")).split())
    printable = "".join(letter for letter in words if letter.isprintable())[:_MOST_WORDS]
    return f": {printable}" if printable else ""


def _is_skewed(error: ClientError) -> bool:
    """Whether our clock caused the refusal: the response to a HEAD has no body that could say so."""
    skew = skew_seconds(error.response)
    return skew is not None and abs(skew) > _REFUSED_SKEW_SECONDS


def _skew_text(error: ClientError) -> str:
    skew = skew_seconds(error.response)
    return "too far" if skew is None else f"{abs(skew):.0f} s"
