"""The requirements a bucket must meet before evidence is trusted to it.

"The server cannot say" is distinct from "it is unsafe": several S3-compatible servers do not support
PublicAccessBlock or access lists. A mandatory requirement that cannot be checked counts as unmet.
"""

import secrets
from collections.abc import Callable
from typing import Any, Final

from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from gateway.core.errors import ReelgateError, UnavailableError
from gateway.storage.s3 import locks
from gateway.storage.s3.bucket import Bucket, NotSupportedError, RefusedError, code_of, skew_seconds, version
from gateway.storage.s3.clients import s3_client
from gateway.storage.s3.upload import checksums
from gateway.storage.stores import LockedError, Required, Requirement, RequirementCheck, RequirementState

# Requests are refused beyond 15 minutes (Amazon S3 API, RequestTimeTooSkewed); locks run by the server's clock.
_MOST_SKEW_SECONDS: Final = 300.0
_PROBE_BYTES: Final = 1024
_EVERYBODY: Final = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
_NOTHING_SET: Final = frozenset({"NoSuchBucketPolicy", "NoSuchPublicAccessBlockConfiguration"})


def check(bucket: Bucket, prefix: str, required: Required) -> list[RequirementCheck]:
    """Check all requirements, starting with whether the bucket responds; if not, there is nothing else to check."""
    try:
        with bucket.translated_errors():
            answer = bucket.client.head_bucket(Bucket=bucket.name)
    except ReelgateError as error:
        text = f"there is no bucket {bucket.name}" if code_of(error) == "404" else str(error)
        return [RequirementCheck(Requirement.REACHABLE, RequirementState.UNMET, text)]
    checks: list[tuple[Requirement, Callable[[], RequirementCheck]]] = [
        (Requirement.CLOCK, lambda: _clock(answer)),
        (Requirement.VERSIONING, lambda: _versioning(bucket, required)),
        (Requirement.OBJECT_LOCK, lambda: _object_lock(bucket, required)),
        (Requirement.NOT_PUBLIC, lambda: _not_public(bucket)),
        (Requirement.ROUND_TRIP, lambda: _round_trip(bucket, f"{prefix}reelgate-check/{secrets.token_hex(8)}")),
    ]
    reachable = RequirementCheck(
        Requirement.REACHABLE, RequirementState.MET, f"{bucket.endpoint}, bucket {bucket.name}"
    )
    return [reachable, *(_checked(requirement, check) for requirement, check in checks)]


def _checked(requirement: Requirement, check: Callable[[], RequirementCheck]) -> RequirementCheck:
    try:
        return check()
    except ReelgateError as error:
        return RequirementCheck(requirement, RequirementState.UNMET, str(error))


def _clock(answer: Any) -> RequirementCheck:
    skew = skew_seconds(answer)
    if skew is None:
        return RequirementCheck(
            Requirement.CLOCK, RequirementState.NOT_SUPPORTED, "the archive does not say what time it is"
        )
    if abs(skew) > _MOST_SKEW_SECONDS:
        text = f"this machine's clock and the archive's are {abs(skew):.0f} s apart: synchronise them by NTP"
        return RequirementCheck(Requirement.CLOCK, RequirementState.UNMET, text)
    return RequirementCheck(Requirement.CLOCK, RequirementState.MET, f"within {abs(skew):.0f} s of the archive's")


def _versioning(bucket: Bucket, required: Required) -> RequirementCheck:
    try:
        with bucket.translated_errors():
            status = bucket.client.get_bucket_versioning(Bucket=bucket.name).get("Status", "off")
    except (NotSupportedError, RefusedError) as error:
        return _undecided(Requirement.VERSIONING, error, demanded=required.versioning)
    if status == "Enabled":
        return RequirementCheck(Requirement.VERSIONING, RequirementState.MET, "on")
    if required.versioning:
        text = f"versioning of bucket {bucket.name} is {status.lower()}: turn it on, so that nothing can be overwritten"
        return RequirementCheck(Requirement.VERSIONING, RequirementState.UNMET, text)
    return RequirementCheck(Requirement.VERSIONING, RequirementState.NOT_REQUIRED, status.lower())


def _object_lock(bucket: Bucket, required: Required) -> RequirementCheck:
    if locks.is_supported(bucket):
        return RequirementCheck(Requirement.OBJECT_LOCK, RequirementState.MET, "on")
    if required.object_lock is not None:
        text = (
            f"bucket {bucket.name} has no Object Lock, which {required.object_lock} requires: create a bucket with it"
        )
        return RequirementCheck(Requirement.OBJECT_LOCK, RequirementState.UNMET, text)
    return RequirementCheck(Requirement.OBJECT_LOCK, RequirementState.NOT_REQUIRED, "off")


def _not_public(bucket: Bucket) -> RequirementCheck:
    """Check the public access block if there is one, otherwise policy and access list."""
    answers = [_query(check, bucket) for check in (_is_blocked, _has_public_policy, _has_public_list)]
    blocked, public_policy, public_list = answers
    if blocked:
        return RequirementCheck(Requirement.NOT_PUBLIC, RequirementState.MET, "public access is blocked")
    if public_policy or public_list:
        text = f"bucket {bucket.name} is public by its {'policy' if public_policy else 'access list'}"
        return RequirementCheck(Requirement.NOT_PUBLIC, RequirementState.UNMET, f"{text}: make it private")
    if public_policy is None and public_list is None:
        text = "the archive does not say who may read; anonymous reading was tried and failed"
        return RequirementCheck(Requirement.NOT_PUBLIC, RequirementState.NOT_SUPPORTED, text)
    return RequirementCheck(
        Requirement.NOT_PUBLIC, RequirementState.MET, "neither policy nor access list makes it public"
    )


def _query(check: Callable[[Bucket], bool], bucket: Bucket) -> bool | None:
    """Return the answer, or None if the server does not support the query or the key may not ask it."""
    try:
        with bucket.translated_errors():
            return check(bucket)
    except (NotSupportedError, RefusedError):
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


def _round_trip(bucket: Bucket, key: str) -> RequirementCheck:
    """Write a probe with the headers that uploads carry, read it back, request it anonymously, and delete it."""
    body = secrets.token_bytes(_PROBE_BYTES)
    with bucket.translated_errors(key):
        # Any, because boto3's stubs do not accept arguments from a dictionary.
        headers: dict[str, Any] = {**checksums(body)}
        put = bucket.client.put_object(Bucket=bucket.name, Key=key, Body=body, **headers)
        got = bucket.client.get_object(Bucket=bucket.name, Key=key, **version(put.get("VersionId")))["Body"].read()
    is_open = _is_open_to_strangers(bucket, key)
    rest = _removed(bucket, key, put.get("VersionId"))
    if got != body:
        text = "what was written came back changed: something between here and the archive alters bytes"
        return RequirementCheck(Requirement.ROUND_TRIP, RequirementState.UNMET, text)
    if is_open:
        text = f"bucket {bucket.name} is readable without a key: make it private"
        return RequirementCheck(Requirement.ROUND_TRIP, RequirementState.UNMET, text)
    return RequirementCheck(
        Requirement.ROUND_TRIP, RequirementState.MET, f"written, read back, refused to anonymous requests, {rest}"
    )


def _removed(bucket: Bucket, key: str, version_id: str | None) -> str:
    try:
        with bucket.translated_errors(key):
            bucket.client.delete_object(Bucket=bucket.name, Key=key, **version(version_id))
    except RefusedError as error:
        if locks.retention(bucket, key, version_id) is None:
            raise LockedError(f"the access key may not delete ({error})") from error
        return "kept by the bucket's default lock"
    return "deleted"


def _is_open_to_strangers(bucket: Bucket, key: str) -> bool:
    meta = bucket.client.meta
    config = Config(signature_version=UNSIGNED, connect_timeout=5, read_timeout=10, s3={"addressing_style": "path"})
    client = s3_client(endpoint_url=meta.endpoint_url, region_name=meta.region_name, config=config)
    try:
        client.head_object(Bucket=bucket.name, Key=key)
    except (ClientError, BotoCoreError):
        return False
    finally:
        client.close()
    return True


def _undecided(requirement: Requirement, error: ReelgateError, *, demanded: bool) -> RequirementCheck:
    return RequirementCheck(
        requirement, RequirementState.UNMET if demanded else RequirementState.NOT_SUPPORTED, str(error)
    )
