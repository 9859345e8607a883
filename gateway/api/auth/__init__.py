"""Who is asking: sign-in, sign-out, and the check every route and socket makes."""

from gateway.identity.sign_in import COOKIE, authenticate

__all__ = ["COOKIE", "authenticate"]
