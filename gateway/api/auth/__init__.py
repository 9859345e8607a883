"""Who is asking: sign-in, sign-out, and the check every route and socket makes."""

from gateway.requester import COOKIE, authenticate

__all__ = ["COOKIE", "authenticate"]
