"""Certificates of erasure: what was erased, when, by whose task and under which policy, signed.

A certificate is a JSON object. Its `signature` (base64) is Ed25519 over the line `CONTEXT` and the canonical JSON of
the object without the signature.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, Final

from gateway.core.errors import InvalidInputError
from gateway.db.models import Purge, Recording, RecordingKey
from gateway.keys.signing import Signer, verify

CONTEXT: Final = b"reelgate erasure v1\n"
VERSION: Final = 1
_SCOPE: Final = (
    "Every copy this installation keeps: hot storage, all versions in the archive, exports, searchable text, the "
    "data key. Not what was taken out of it before, nor backups of its database, disks or master keys."
)


def issue(recording: Recording, purge: Purge, key: RecordingKey | None, signer: Signer) -> dict[str, Any]:
    """Return the signed certificate of a purge whose bytes are all gone; times are ISO 8601, UTC."""
    statement = {
        "version": VERSION,
        "kind": "certificate of erasure",
        "recording": _recording(recording),
        "purge": {
            "id": purge.id,
            "reason": purge.reason,
            "ordered_by": purge.marked_by_name,
            "marked_at": purge.marked_at.isoformat(),
            "began_at": purge.began_at.isoformat() if purge.began_at else None,
        },
        "policy": purge.inventory["policy"],
        "files": purge.inventory["files"],
        "text": {"span_count": purge.inventory["span_count"], "finding_count": purge.inventory["finding_count"]},
        "data_key": _key(key),
        "scope": _SCOPE,
        "key_id": signer.key_id,
    }
    return statement | {"signature": base64.b64encode(signer.sign(message(statement))).decode()}


def message(statement: Mapping[str, Any]) -> bytes:
    """Return the message a certificate signs, with or without its signature."""
    unsigned = {name: value for name, value in statement.items() if name != "signature"}
    text = json.dumps(unsigned, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return CONTEXT + text.encode()


def check(certificate: Mapping[str, Any], public_key: bytes) -> None:
    """Check that this key (32 raw bytes) signed the certificate. Raises InvalidInputError, saying what is wrong."""
    try:
        signature = base64.b64decode(str(certificate["signature"]), validate=True)
    except (KeyError, binascii.Error) as error:
        raise InvalidInputError("this certificate has no readable signature") from error
    if not verify(public_key, message(certificate), signature):
        raise InvalidInputError("the signature does not match: the certificate was changed, or another key signed it")


def _recording(recording: Recording) -> dict[str, Any]:
    return {
        "id": recording.id,
        "kind": recording.kind,
        "target": recording.target_name,
        "operator": recording.operator_name,
        "protocol": recording.protocol,
        "started_at": recording.started_at.isoformat(),
        "closed_at": recording.closed_at.isoformat() if recording.closed_at else None,
        "size_bytes": recording.size_bytes,
        "sha256": recording.digest,
    }


def _key(key: RecordingKey | None) -> dict[str, Any] | None:
    if key is None:
        return None
    return {
        "recording_id": key.recording_id,
        "master_key_id": key.master_key_id,
        "created_at": key.created_at.isoformat(),
        "destroyed_at": key.destroyed_at.isoformat() if key.destroyed_at else None,
    }
