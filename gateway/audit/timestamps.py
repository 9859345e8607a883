"""Time stamps of the audit trail's heads by an outside authority (RFC 3161): proof that a head existed at a time.

The site's own clock and keys prove nothing to somebody who does not trust the site. An authority signs the digest of a
head with its own clock; it learns nothing about the trail.
"""

import urllib.error
import urllib.request
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import (
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from gateway.core.errors import DamagedError, InvalidInputError, UnavailableError
from gateway.settings import Settings

_SECONDS: Final = 10.0
# A response with a chain of certificates has some 10 KB.
_MAX_BYTES: Final = 2**20
_GRANTED: Final = frozenset({PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS})


def stamp(settings: Settings, data: bytes) -> bytes:
    """Request a time stamp for `data` from the configured authority; return its response (DER).

    Raises UnavailableError, DamagedError.
    """
    url = settings.timestamp_url or ""
    if urlsplit(url).scheme not in {"http", "https"}:
        raise InvalidInputError(f"REELGATE_TIMESTAMP_URL is {url!r}; give an http:// or https:// address")
    request = TimestampRequestBuilder().data(data).build()
    headers = {"Content-Type": "application/timestamp-query"}
    query = urllib.request.Request(url, request.as_bytes(), headers)  # noqa: S310 - the scheme was checked
    try:
        with urllib.request.urlopen(query, timeout=_SECONDS) as answer:  # noqa: S310 - as above
            body: bytes = answer.read(_MAX_BYTES)
    except (urllib.error.URLError, OSError) as error:
        raise UnavailableError(f"the time-stamping authority at {url} does not answer: {error}") from error
    response = _decoded(body)
    if response.tst_info.nonce != request.nonce:
        raise DamagedError(f"the time-stamping authority at {url} answered a different request")
    stamped_at(settings, data, body)
    return body


def stamped_at(settings: Settings, data: bytes, response: bytes) -> tuple[datetime, bool]:
    """Return when `data` was stamped, and whether the authority was checked, which requires REELGATE_TIMESTAMP_CA.

    Raises DamagedError if the stamp is for something else or the authority did not sign it.
    """
    decoded = _decoded(response)
    roots = settings.timestamp_ca
    builder = VerifierBuilder()
    if roots is None:
        from cryptography.hazmat.primitives.hashes import SHA256, SHA512, Hash

        algorithms = {32: SHA256(), 64: SHA512()}
        imprint = decoded.tst_info.message_imprint.message
        digest = Hash(algorithms.get(len(imprint), SHA256()))
        digest.update(data)
        if digest.finalize() != imprint:
            raise DamagedError("the time stamp is for something else")
        return decoded.tst_info.gen_time, False
    for certificate in load_pem_x509_certificates(roots.read_bytes()):
        builder = builder.add_root_certificate(certificate)
    try:
        builder.build().verify_message(decoded, data)
    except VerificationError as error:
        raise DamagedError(f"the time stamp is invalid: {error}") from error
    return decoded.tst_info.gen_time, True


def _decoded(response: bytes) -> TimeStampResponse:
    try:
        decoded = decode_timestamp_response(response)
        status = PKIStatus(decoded.status)
    except ValueError as error:
        raise DamagedError(f"this is not a time stamp: {error}") from error
    if status not in _GRANTED:
        raise UnavailableError(
            f"the time-stamping authority refused: {', '.join(decoded.status_string) or status.name}"
        )
    return decoded
