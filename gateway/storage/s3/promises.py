"""What a bucket is checked for before evidence is trusted to it.

Callers: `S3Store.check`. "The server does not offer to say" is told apart from "it is unsafe": several S3-compatible
servers know no PublicAccessBlock or no access lists. What is demanded and cannot be checked counts as broken.
"""

import secrets
from collections.abc import Callable
from typing import Any, Final

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from gateway.core.errors import ReelgateError, UnavailableError
from gateway.storage.s3 import locks
from gateway.storage.s3.bucket import Bucket, NotOfferedError, RefusedError, code_of, skew_seconds, version
from gateway.storage.s3.upload import checksums
from gateway.storage.stores import Demands, LockedError, Promise, PromiseCheck, PromiseState

# Requests are refused beyond 15 minutes (Amazon S3 API, RequestTimeTooSkewed); locks run by the server's clock.
_MOST_SKEW_SECONDS: Final = 300.0
_PROBE_BYTES: Final = 1024
_EVERYBODY: Final = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
_NOTHING_SET: Final = frozenset({"NoSuchBucketPolicy", "NoSuchPublicAccessBlockConfiguration"})


def check(bucket: Bucket, prefix: str, demands: Demands) -> list[PromiseCheck]:
    """All promises, the first one being that the bucket answers; when it does not, there is nothing else to ask."""
    try:
        with bucket.told():
            answer = bucket.client.head_bucket(Bucket=bucket.name)
    except ReelgateError as error:
        text = f"there is no bucket {bucket.name}" if code_of(error) == "404" else str(error)
        return [PromiseCheck(Promise.REACHABLE, PromiseState.BROKEN, text)]
    looks: list[tuple[Promise, Callable[[], PromiseCheck]]] = [
        (Promise.CLOCK, lambda: _clock(answer)),
        (Promise.VERSIONING, lambda: _versioning(bucket, demands)),
        (Promise.OBJECT_LOCK, lambda: _object_lock(bucket, demands)),
        (Promise.NOT_PUBLIC, lambda: _not_public(bucket)),
        (Promise.ROUND_TRIP, lambda: _round_trip(bucket, f"{prefix}reelgate-check/{secrets.token_hex(8)}")),
    ]
    reachable = PromiseCheck(Promise.REACHABLE, PromiseState.KEPT, f"{bucket.endpoint}, bucket {bucket.name}")
    return [reachable, *(_looked(promise, look) for promise, look in looks)]


def _looked(promise: Promise, look: Callable[[], PromiseCheck]) -> PromiseCheck:
    try:
        return look()
    except ReelgateError as error:
        return PromiseCheck(promise, PromiseState.BROKEN, str(error))


def _clock(answer: Any) -> PromiseCheck:
    skew = skew_seconds(answer)
    if skew is None:
        return PromiseCheck(Promise.CLOCK, PromiseState.NOT_OFFERED, "the archive does not say what time it has")
    if abs(skew) > _MOST_SKEW_SECONDS:
        text = f"this machine's clock and the archive's are {abs(skew):.0f} s apart: set them by NTP"
        return PromiseCheck(Promise.CLOCK, PromiseState.BROKEN, text)
    return PromiseCheck(Promise.CLOCK, PromiseState.KEPT, f"within {abs(skew):.0f} s of the archive's")


def _versioning(bucket: Bucket, demands: Demands) -> PromiseCheck:
    try:
        with bucket.told():
            status = bucket.client.get_bucket_versioning(Bucket=bucket.name).get("Status", "off")
    except (NotOfferedError, RefusedError) as error:
        return _undecided(Promise.VERSIONING, error, demanded=demands.versioning)
    if status == "Enabled":
        return PromiseCheck(Promise.VERSIONING, PromiseState.KEPT, "on")
    if demands.versioning:
        text = f"versioning of bucket {bucket.name} is {status.lower()}: turn it on, so that nothing can be overwritten"
        return PromiseCheck(Promise.VERSIONING, PromiseState.BROKEN, text)
    return PromiseCheck(Promise.VERSIONING, PromiseState.NOT_DEMANDED, status.lower())


def _object_lock(bucket: Bucket, demands: Demands) -> PromiseCheck:
    if locks.is_offered(bucket):
        return PromiseCheck(Promise.OBJECT_LOCK, PromiseState.KEPT, "on")
    if demands.object_lock is not None:
        text = f"bucket {bucket.name} has no Object Lock, which {demands.object_lock} demands: make a bucket with it"
        return PromiseCheck(Promise.OBJECT_LOCK, PromiseState.BROKEN, text)
    return PromiseCheck(Promise.OBJECT_LOCK, PromiseState.NOT_DEMANDED, "off")


def _not_public(bucket: Bucket) -> PromiseCheck:
    """By the block of public access where there is one, else by policy and access list."""
    asked = [_ask(look, bucket) for look in (_is_blocked, _has_public_policy, _has_public_list)]
    blocked, public_policy, public_list = asked
    if blocked:
        return PromiseCheck(Promise.NOT_PUBLIC, PromiseState.KEPT, "public access is blocked")
    if public_policy or public_list:
        text = f"bucket {bucket.name} is open to everybody by its {'policy' if public_policy else 'access list'}"
        return PromiseCheck(Promise.NOT_PUBLIC, PromiseState.BROKEN, f"{text}: close it")
    if public_policy is None and public_list is None:
        text = "the archive does not say who may read; that a stranger cannot was tried"
        return PromiseCheck(Promise.NOT_PUBLIC, PromiseState.NOT_OFFERED, text)
    return PromiseCheck(Promise.NOT_PUBLIC, PromiseState.KEPT, "no policy or access list opens it")


def _ask(look: Callable[[Bucket], bool], bucket: Bucket) -> bool | None:
    """The answer, or None where the server does not know the question or the key may not ask it."""
    try:
        with bucket.told():
            return look(bucket)
    except (NotOfferedError, RefusedError):
        return None
    except UnavailableError as error:
        if code_of(error) in _NOTHING_SET:
            return False
        raise


def _is_blocked(bucket: Bucket) -> bool:
    settings = bucket.client.get_public_access_block(Bucket=bucket.name)["PublicAccessBlockConfiguration"]
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return all(settings.get(name) for name in names)


def _has_public_policy(bucket: Bucket) -> bool:
    return bool(bucket.client.get_bucket_policy_status(Bucket=bucket.name)["PolicyStatus"].get("IsPublic"))


def _has_public_list(bucket: Bucket) -> bool:
    grants = bucket.client.get_bucket_acl(Bucket=bucket.name)["Grants"]
    return any(grant.get("Grantee", {}).get("URI") in _EVERYBODY for grant in grants)


def _round_trip(bucket: Bucket, key: str) -> PromiseCheck:
    """Write a probe with the headers that uploads carry, read it back, ask for it as a stranger, and delete it."""
    body = secrets.token_bytes(_PROBE_BYTES)
    with bucket.told(key):
        # Typed Any: boto3's stubs know no arguments by dictionary.
        headers: dict[str, Any] = {**checksums(body)}
        put = bucket.client.put_object(Bucket=bucket.name, Key=key, Body=body, **headers)
        got = bucket.client.get_object(Bucket=bucket.name, Key=key, **version(put.get("VersionId")))["Body"].read()
    is_open = _is_open_to_strangers(bucket, key)
    rest = _removed(bucket, key, put.get("VersionId"))
    if got != body:
        text = "what was written came back changed: something between here and the archive alters bytes"
        return PromiseCheck(Promise.ROUND_TRIP, PromiseState.BROKEN, text)
    if is_open:
        text = f"anybody may read bucket {bucket.name} without a key: close it"
        return PromiseCheck(Promise.ROUND_TRIP, PromiseState.BROKEN, text)
    return PromiseCheck(Promise.ROUND_TRIP, PromiseState.KEPT, f"written, read back, refused to strangers, {rest}")


def _removed(bucket: Bucket, key: str, version_id: str | None) -> str:
    try:
        with bucket.told(key):
            bucket.client.delete_object(Bucket=bucket.name, Key=key, **version(version_id))
    except RefusedError as error:
        if locks.retention(bucket, key, version_id) is None:
            raise LockedError(f"the access key may not delete ({error})") from error
        return "kept by the bucket's default lock"
    return "deleted"


def _is_open_to_strangers(bucket: Bucket, key: str) -> bool:
    meta = bucket.client.meta
    config = Config(signature_version=UNSIGNED, connect_timeout=5, read_timeout=10, s3={"addressing_style": "path"})
    client = boto3.session.Session().client(
        "s3", endpoint_url=meta.endpoint_url, region_name=meta.region_name, config=config
    )
    try:
        client.head_object(Bucket=bucket.name, Key=key)
    except (ClientError, BotoCoreError):
        return False
    finally:
        client.close()
    return True


def _undecided(promise: Promise, error: ReelgateError, *, demanded: bool) -> PromiseCheck:
    return PromiseCheck(promise, PromiseState.BROKEN if demanded else PromiseState.NOT_OFFERED, str(error))
