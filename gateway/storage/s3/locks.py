"""Object Lock: retention in compliance mode and legal holds on object versions.

Callers: `S3Store`. INVARIANT: a lock counts only when it was read back from the very version. Copies and uploads lose
one they were asked to carry, silently, on several servers.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from gateway.core.errors import UnavailableError
from gateway.storage.s3.bucket import Bucket, NotOfferedError, code_of, version

_NO_LOCK: Final = frozenset(
    {"ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration", "NoSuchObjectLegalHold", "InvalidRequest"}
)


def is_offered(bucket: Bucket) -> bool:
    """Whether the bucket was made with Object Lock."""
    try:
        with bucket.told():
            answer = bucket.client.get_object_lock_configuration(Bucket=bucket.name)
    except (NotOfferedError, UnavailableError) as error:
        if isinstance(error, NotOfferedError) or code_of(error) in _NO_LOCK:
            return False
        raise
    return answer["ObjectLockConfiguration"].get("ObjectLockEnabled") == "Enabled"


def set_retention(bucket: Bucket, key: str, version_id: str | None, until: datetime) -> datetime:
    """Lock in compliance mode until then (rounded up to a second); a lock that is longer stays. What is in force."""
    wanted = (until.astimezone(UTC) + timedelta(microseconds=999_999)).replace(microsecond=0)
    before = retention(bucket, key, version_id)
    if before is not None and before >= wanted:
        return before
    with bucket.told(key):
        bucket.client.put_object_retention(
            Bucket=bucket.name,
            Key=key,
            Retention={"Mode": "COMPLIANCE", "RetainUntilDate": wanted},
            **version(version_id),
        )
    after = retention(bucket, key, version_id)
    if after is None or after < wanted:
        raise UnavailableError(f"the archive took the lock of {key} and does not keep it")
    return after


def set_legal_hold(bucket: Bucket, key: str, version_id: str | None, on: bool) -> None:
    """Set or release the legal hold, and read it back."""
    if has_legal_hold(bucket, key, version_id) is on:
        return
    with bucket.told(key):
        bucket.client.put_object_legal_hold(
            Bucket=bucket.name, Key=key, LegalHold={"Status": "ON" if on else "OFF"}, **version(version_id)
        )
    if has_legal_hold(bucket, key, version_id) is not on:
        raise UnavailableError(f"the archive took the legal hold of {key} and does not keep it")


def retention(bucket: Bucket, key: str, version_id: str | None) -> datetime | None:
    """Until when the version is locked in compliance mode; None: it is not (governance mode can be lifted)."""
    try:
        with bucket.told(key):
            answer = bucket.client.get_object_retention(Bucket=bucket.name, Key=key, **version(version_id))
    except UnavailableError as error:
        if code_of(error) in _NO_LOCK:
            return None
        raise
    kept = answer.get("Retention", {})
    return kept["RetainUntilDate"].astimezone(UTC) if kept.get("Mode") == "COMPLIANCE" else None


def has_legal_hold(bucket: Bucket, key: str, version_id: str | None) -> bool:
    """Whether a legal hold is on the version."""
    try:
        with bucket.told(key):
            answer = bucket.client.get_object_legal_hold(Bucket=bucket.name, Key=key, **version(version_id))
    except UnavailableError as error:
        if code_of(error) in _NO_LOCK:
            return False
        raise
    return answer.get("LegalHold", {}).get("Status") == "ON"
