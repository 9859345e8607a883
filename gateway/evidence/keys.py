"""Who may have signed. Callers: sealing, verification."""

from sqlmodel import Session

from gateway.core.recording.chain import Verify
from gateway.keys.signing import verify
from gateway.keys.site import public_keys


def verifier(session: Session) -> Verify:
    """Checks signatures against the keys this site has had; a key that is not on record is none."""
    keys = public_keys(session)

    def check(key_id: str, message: bytes, signature: bytes) -> bool | None:
        return verify(keys[key_id], message, signature) if key_id in keys else None

    return check
