"""Retention applied to recordings. Callers: the tier stage (`lock_until`)."""

from gateway.retention.locks import lock_until

__all__ = ["lock_until"]
