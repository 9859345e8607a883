"""Password hashing: argon2id with the library's defaults (RFC 9106, low-memory profile)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.core.errors import InvalidInputError

# NIST SP 800-63B-4 requires 15 if a password is the only factor; teams accept 12.
MIN_PASSWORD_LENGTH = 12
MAX_PASSWORD_LENGTH = 256

_hasher = PasswordHasher()
# Checked if the user does not exist, so that the response takes equally long. The hash of a discarded password, with the
# parameters of `_hasher`; computing one here would slow down the start of every process.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$nyuyD/TtJXUNFID5RquBYw$PpuYD8hNMgCCzhjkN5nIAnRuzDxkYGhvZOdNA7CibfU"


def hash_password(password: str) -> str:
    """Return the encoded argon2id hash. Raises InvalidInputError if the password is too short or too long."""
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise InvalidInputError(f"a password must have {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH} characters")
    return _hasher.hash(password)


def verify_password(password: str, password_hash: str | None) -> bool:
    """Whether the password matches the hash. With None, do the same work and return False."""
    try:
        return _hasher.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
