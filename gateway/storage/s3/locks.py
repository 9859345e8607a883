"""Object Lock: retention in compliance mode and legal holds on object versions.

INVARIANT: a lock counts only once it was read back from the exact version. On several servers, copies and uploads
silently lose a lock they were requested with.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from gateway.core.errors import UnavailableError
from gateway.storage.s3.bucket import Bucket, NotSupportedError, code_of, version

_NO_LOCK: Final = frozenset(
    {"ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration", "NoSuchObjectLegalHold", "InvalidRequest"}
)


def is_supported(bucket: Bucket) -> bool:
    """Whether the bucket was created with Object Lock."""
    try:
        with bucket.translated_errors():
            answer = bucket.client.get_object_lock_configuration(Bucket=bucket.name)
    except (NotSupportedError, UnavailableError) as error:
        if isinstance(error, NotSupportedError) or code_of(error) in _NO_LOCK:
            return False
        raise
    return answer["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled"


def set_retention(bucket: Bucket, key: str, version_id: str | None, until: datetime) -> datetime:
    """Lock in compliance mode until then (rounded up to a second); a longer lock stays. Return what is in force."""
    wanted = (until.astimezone(UTC) + timedelta(microseconds=999_999)).replace(microsecond=0)
    before = retention(bucket, key, version_id)
    if before is not None and before >= wanted:
        return before
    with bucket.translated_errors(key):
        bucket.client.put_object_retention(
            Bucket=bucket.name,
            Key=key,
            Retention={"Mode": "COMPLIANCE", "RetainUntilDate": wanted},
            **version(version_id),
        )
    after = retention(bucket, key, version_id)
    if after is None or after < wanted:
        raise UnavailableError(f"the archive accepted the lock of {key} but does not keep it")
    return after


def set_legal_hold(bucket: Bucket, key: str, version_id: str | None, on: bool) -> None:
    """Set or release the legal hold, and read it back."""
    if has_legal_hold(bucket, key, version_id) is on:
        return
    with bucket.translated_errors(key):
        bucket.client.put_object_legal_hold(
            Bucket=bucket.name, Key=key, LegalHold={"Status": "ON" if on else "OFF"}, **version(version_id)
        )
    if has_legal_hold(bucket, key, version_id) is not on:
        raise UnavailableError(f"the archive accepted the legal hold of {key} but does not keep it")


def retention(bucket: Bucket, key: str, version_id: str | None) -> datetime | None:
    """Return until when the version is locked in compliance mode; None if it is not (governance mode can be lifted)."""
    try:
        with bucket.translated_errors(key):
            answer = bucket.client.get_object_retention(Bucket=bucket.name, Key=key, **version(version_id))
    except UnavailableError as error:
        if code_of(error) in _NO_LOCK:
            return None
        raise
    kept = answer.get("Retention", {})
    return kept["RetainUntilDate"].astimezone(UTC) if kept.get("Mode") == "COMPLIANCE" else None


def has_legal_hold(bucket: Bucket, key: str, version_id: str | None) -> bool:
    """Whether the version has a legal hold."""
    try:
        with bucket.translated_errors(key):
            answer = bucket.client.get_object_legal_hold(Bucket=bucket.name, Key=key, **version(version_id))
    except UnavailableError as error:
        if code_of(error) in _NO_LOCK:
            return False
        raise
    return answer.get("LegalHold", {}).get("Status") == "ON"
