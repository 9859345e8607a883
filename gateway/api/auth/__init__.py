"""Sign-in, sign-out, and the authentication of every route and socket."""

from gateway.requester import COOKIE, authenticate

__all__ = ["COOKIE", "authenticate"]
