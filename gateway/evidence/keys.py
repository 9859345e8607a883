"""Which signatures are trusted, for sealing and verification."""

from sqlmodel import Session

from gateway.core.recording.chain import Verify
from gateway.keys.signing import verify
from gateway.keys.site import public_keys


def verifier(session: Session) -> Verify:
    """Return a check of signatures against the keys this site trusts; any other key is unknown."""
    keys = public_keys(session)

    def check(key_id: str, message: bytes, signature: bytes) -> bool | None:
        return verify(keys[key_id], message, signature) if key_id in keys else None

    return check
